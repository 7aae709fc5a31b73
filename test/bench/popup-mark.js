/* global document, MessageChannel, MutationObserver, performance, requestAnimationFrame */
// Goes into a copy of the popup and into the same list as static HTML: notes when the list is there,
// when it has been painted, and when the worker's answer has been painted. Epoch milliseconds.
(() => {
  const marks = {};
  globalThis.benchMarks = marks;
  const rows = Number(document.currentScript.dataset.rows);
  const now = () => performance.timeOrigin + performance.now();
  const markPainted = (name) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        marks[name] ??= now();
      };
      port2.postMessage(undefined);
    });
  };
  marks.started = performance.timeOrigin;
  const observer = new MutationObserver(() => {
    if (document.querySelectorAll('li.row').length < rows) return;
    observer.disconnect();
    marks.listed = now();
    markPainted('painted');
  });
  observer.observe(document, { childList: true, subtree: true });

  const { runtime } = globalThis.browser ?? globalThis.chrome;
  const send = runtime.sendMessage.bind(runtime);
  runtime.sendMessage = async (...words) => {
    const answer = await send(...words);
    markPainted('answered');
    return answer;
  };
})();
