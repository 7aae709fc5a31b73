import { i18n } from '#i18n';
import { render } from 'preact';
import { OptionsModel } from '../../src/options/model.ts';
import { Options } from '../../src/options/options.tsx';
import { isAgreed, onceConsentChanges, openWelcome } from '../../src/platform/consent.ts';
import { BeforeStart } from '../../src/ui/before-start.tsx';
import { setLanguage } from '../../src/ui/locale.ts';

setLanguage(document.documentElement);
document.title = i18n.t('options.title');
void isAgreed().then((mayStart) => {
  onceConsentChanges(() => {
    location.reload();
  });
  if (mayStart) {
    const model = new OptionsModel();
    render(<Options model={model} />, document.body);
    model.follow(new AbortController().signal);
  } else render(<BeforeStart onOpen={() => void openWelcome()} />, document.body);
});
