import { render } from 'preact';
import { isAgreed, onceConsentChanges, openWelcome } from '../../src/platform/consent.ts';
import { PanelModel } from '../../src/sidepanel/model.ts';
import { Panel } from '../../src/sidepanel/panel.tsx';
import { BeforeStart } from '../../src/ui/before-start.tsx';
import { setLanguage } from '../../src/ui/locale.ts';

setLanguage(document.documentElement);
const model = new PanelModel();
void Promise.all([isAgreed(), model.load()]).then(([mayStart]) => {
  onceConsentChanges(() => {
    location.reload();
  });
  if (mayStart) {
    render(<Panel model={model} />, document.body);
    model.follow(new AbortController().signal);
  } else render(<BeforeStart onOpen={() => void openWelcome()} />, document.body);
});
