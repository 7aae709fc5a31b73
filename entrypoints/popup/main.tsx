import { render } from 'preact';
import { isAgreed, onceConsentChanges, openWelcome } from '../../src/platform/consent.ts';
import { PopupModel } from '../../src/popup/model.ts';
import { Popup } from '../../src/popup/popup.tsx';
import { afterPaint } from '../../src/ui/after-paint.ts';
import { BeforeStart } from '../../src/ui/before-start.tsx';
import { setLanguage } from '../../src/ui/locale.ts';

setLanguage(document.documentElement);
const model = new PopupModel();
// As the key for it opens it.
model.isSweeping.value = location.hash === '#sweep';
document.body.classList.toggle('window', model.isSweeping.value);

// Painted once with what the cache has, instead of first empty: nothing jumps under the pointer. Where
// it knows of accounts, they were connected with the user's consent, and nobody waits for that.
void model.load().then(async () => {
  if (model.hasAccounts) begin();
  onceConsentChanges(() => {
    location.reload();
  });
  if (!(await isAgreed())) render(<BeforeStart onOpen={toWelcome} />, document.body);
  else if (!model.hasAccounts) begin();
});

function begin(): void {
  render(<Popup model={model} />, document.body);
  afterPaint(() => {
    model.follow(new AbortController().signal);
  });
}

function toWelcome(): void {
  void openWelcome().then(() => {
    // Firefox leaves the popup open over the page it opened.
    window.close();
  });
}
