import { render } from 'preact';
import { isAgreed, onceConsentChanges, openWelcome } from '../../src/platform/consent.ts';
import { PopupModel } from '../../src/popup/model.ts';
import { Popup } from '../../src/popup/popup.tsx';
import { BeforeStart } from '../../src/ui/before-start.tsx';
import { setLanguage } from '../../src/ui/locale.ts';

setLanguage(document.documentElement);
const model = new PopupModel();
// As the key for it opens it.
model.isSweeping.value = location.hash === '#sweep';
document.body.classList.toggle('window', model.isSweeping.value);
// Painted once with what the cache has, instead of first empty: nothing jumps under the pointer.
void Promise.all([isAgreed(), model.load()]).then(([mayStart]) => {
  onceConsentChanges(() => {
    location.reload();
  });
  if (mayStart) {
    render(<Popup model={model} />, document.body);
    model.follow(new AbortController().signal);
  } else render(<BeforeStart onOpen={toWelcome} />, document.body);
});

function toWelcome(): void {
  void openWelcome().then(() => {
    // Firefox leaves the popup open over the page it opened.
    window.close();
  });
}
