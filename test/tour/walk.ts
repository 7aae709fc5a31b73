import type { Tab } from '../browsers/browser.ts';
import { until } from '../browsers/until.ts';
import { pointAt } from '../e2e/hand.ts';
import { agree, turnOn } from '../e2e/user.ts';
import type { Stage } from './stage.ts';

/** Where a person clicks in the two kits' pages. */
const react = {
  composer: '[class*="MessageInput"] .ProseMirror[contenteditable="true"]',
  list: '#message-list-container',
};
const vue = {
  composer: '.message-input-editor-area .ProseMirror[contenteditable]',
  newest: '#messageScrollList li.message-li:last-of-type',
};

/** Waits until a placeholder says this, be it the kit's own or Unsay's, which takes its place. */
async function says(page: Tab, sentence: string): Promise<void> {
  await until(`“${sentence}” in the page`, async () => {
    if ((await page.text()).includes(sentence)) return true;
    const ours = await page.closed.findAll('.line');
    return ours.some(({ text, isVisible }) => isVisible && text === sentence);
  });
}

/** Walks through what Unsay does, saying after each step what was seen. Returns whether each was. */
export async function walk(stage: Stage): Promise<readonly boolean[]> {
  const { browser, server } = stage;
  const seen: boolean[] = [];
  const step = async (title: string, look: () => Promise<string>): Promise<void> => {
    const number = seen.length + 1;
    try {
      console.log(`${number}. ${title}\n   seen: ${await look()}`);
      seen.push(true);
    } catch (error) {
      console.log(
        `${number}. ${title}\n   NOT SEEN: ${error instanceof Error ? error.message : String(error)}`,
      );
      seen.push(false);
    }
  };
  let alice: Tab | undefined;
  let bob: Tab | undefined;
  const tabOf = (tab: Tab | undefined): Tab => {
    if (!tab) throw new Error('the chat page is not open');
    return tab;
  };

  await step('Alice reads the welcome page and agrees', async () => {
    const tab = await browser.waitForTab(browser.extensionUrl('welcome.html'));
    await tab.waitForText('Practice chat');
    await stage.picture(tab, '0-welcome');
    await agree(browser);
    return 'what Unsay reads and keeps, a practice chat, and “I agree”';
  });

  await step('Alice and Bob open their chats', async () => {
    bob = await stage.openChat('vue-3', 'bob', 'C2Calice');
    await bob.waitForText('Page four is the one that matters');
    alice = await stage.openChat('react-6', 'alice', 'C2Cbob');
    await alice.waitForText('Page four is the one that matters');
    return 'both pages show the history';
  });

  await step('Alice turns Unsay on for the site, from the popup', async () => {
    await turnOn(browser, tabOf(alice), stage.origin);
    const popup = await browser.openPopup(tabOf(alice));
    await popup.waitForText('Connected as alice');
    await stage.picture(popup, '1-popup-turned-on');
    await popup.close();
    return 'the switch is on; “Connected as alice”, by the page’s own session';
  });

  await step('Alice sends the wrong thing and recalls it in the page', async () => {
    const page = tabOf(alice);
    await page.activate();
    await page.click(react.composer);
    await page.type('My PIN is 4711');
    await page.press('Enter');
    await pointAt(page, 'My PIN is 4711', react.list);
    const control = await page.closed.waitFor({ css: '.control button', text: 'Recall' });
    await stage.picture(page, '2-control-in-page');
    await page.closed.click({ css: '.control button', text: 'Recall' });
    await says(page, 'You recalled a message');
    await stage.picture(page, '3-recalled-in-page');
    return `a control “${control.label || control.text}”, then “You recalled a message”`;
  });

  await step('Bob’s page shows that the message is gone', async () => {
    const page = tabOf(bob);
    await page.activate();
    await page.waitFor(() => !document.body.innerText.includes('4711'), {
      what: 'the words to leave Bob’s page',
    });
    await page.waitFor(() => document.body.innerText.includes('recalled a message'), {
      what: 'a placeholder in Bob’s page',
    });
    await stage.picture(page, '4-bob');
    return 'a placeholder; the words are gone';
  });

  await step('Bob recalls with his kit’s own menu; Alice sees a placeholder', async () => {
    const page = tabOf(bob);
    await page.click(vue.composer);
    await page.type('Forget page four');
    await page.press('Enter');
    await page.click(`${vue.newest} .message-event-bind-div`, { button: 'right' });
    await page.click({ text: 'Recall', within: `${vue.newest} .dialog-item-list` });
    const theirs = tabOf(alice);
    await theirs.activate();
    await theirs.closed.waitFor({ css: '*', text: 'The other party recalled a message' });
    await stage.picture(theirs, '5-bob-recalled');
    return '“The other party recalled a message”';
  });

  await step('Alice recalls from the popup what she sent to the group', async () => {
    // One page at a time: a second session of Alice’s would throw the first one out.
    await tabOf(alice).close();
    const page = await stage.openChat('react-6', 'alice', 'GROUPteam');
    alice = page;
    await page.waitForText('the usual place');
    await page.click(react.composer);
    await page.type('Not for everybody');
    await page.press('Enter');
    const popup = await browser.openPopup(page);
    await popup.waitForText('Not for everybody');
    await stage.picture(popup, '6-popup-recall-last');
    await popup.click('.recall-last');
    await popup.waitFor(() => !document.body.innerText.includes('Not for everybody'), {
      what: 'the words to leave the popup',
    });
    await stage.picture(popup, '7-popup-recalled');
    await popup.close();
    await says(page, 'You recalled a message');
    return '“You recalled a message”, in the popup and in the page';
  });

  await step('The worker is killed; Alice recalls all the same', async () => {
    const page = tabOf(alice);
    await page.activate();
    await page.click(react.composer);
    await page.type('One more mistake');
    await page.press('Enter');
    await pointAt(page, 'One more mistake', react.list);
    await browser.killWorker();
    await page.closed.click({ css: '.control button', text: 'Recall' });
    await page.waitFor(() => !document.body.innerText.includes('One more mistake'), {
      what: 'the words to leave the page',
    });
    await server.waitFor(
      () =>
        server
          .messages('team')
          .some(({ text, isRecalled }) => text === 'One more mistake' && isRecalled),
      { what: 'the recall at the server' },
    );
    return 'recalled on the server, placeholder in the page';
  });
  return seen;
}
