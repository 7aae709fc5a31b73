import { render } from 'preact';
import { PopupModel } from '../../src/popup/model.ts';
import { Popup } from '../../src/popup/popup.tsx';
import { setLanguage } from '../../src/ui/locale.ts';

setLanguage(document.documentElement);
const model = new PopupModel();
// As the key for it opens it.
model.isSweeping.value = location.hash === '#sweep';
document.body.classList.toggle('window', model.isSweeping.value);
// Painted once with what the cache has, instead of first empty: nothing jumps under the pointer.
void model.load().then(() => {
  render(<Popup model={model} />, document.body);
  model.follow(new AbortController().signal);
});
