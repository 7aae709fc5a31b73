import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { StatusRegion } from '../ui/announcer.tsx';
import { Agreement } from './agreement.tsx';
import { Kept, What } from './facts.tsx';
import type { WelcomeModel } from './model.ts';
import { PracticeChat } from './practice-chat.tsx';

interface Props {
  readonly model: WelcomeModel;
  readonly openOptions: () => Promise<void>;
}

/** The whole welcome page. */
export function Welcome({ model, openOptions }: Props): VNode {
  return (
    <>
      <main>
        <header>
          <h1>
            <img src="/icons/48.png" width="40" height="40" alt="" />
            {i18n.t('welcome.title')}
          </h1>
          <p class="lead">{i18n.t('welcome.lead')}</p>
        </header>
        <div class="column">
          <What />
          <Kept policy={model.policy.value} />
        </div>
        <div class="column">
          <Agreement model={model} openOptions={openOptions} />
          <PracticeChat practice={model.practice} announcer={model.announcer} />
        </div>
      </main>
      <StatusRegion announcer={model.announcer} />
    </>
  );
}
