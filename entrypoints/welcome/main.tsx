import { i18n } from '#i18n';
import { render } from 'preact';
import { browser } from '../../src/platform/browser.ts';
import { setLanguage } from '../../src/ui/locale.ts';
import { WelcomeModel } from '../../src/welcome/model.ts';
import { Welcome } from '../../src/welcome/welcome.tsx';

setLanguage(document.documentElement);
document.title = i18n.t('welcome.title');
const model = new WelcomeModel();
void model.load().then(() => {
  render(
    <Welcome model={model} openOptions={() => browser.runtime.openOptionsPage()} />,
    document.body,
  );
});
