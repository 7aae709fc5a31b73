import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { ask } from '../contract/channel.ts';
import { timeIn } from '../contract/glance.ts';
import type { LogView } from '../contract/own-views.ts';
import type { Glance } from '../contract/views.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { useKeptFocus } from '../ui/kept-focus.ts';
import { LogLine } from '../ui/log-line.tsx';
import { plainText } from '../ui/plain.ts';
import { recallCsv } from '../ui/receipt.ts';
import { clockTime, isoTime } from '../ui/time.ts';
import { saveFile } from './file.ts';
import type { OptionsModel } from './model.ts';

interface Props {
  readonly model: OptionsModel;
}

/** Lines shown at first, and more at each wish; a log may have a thousand. */
const step = 20;
const longestName = 60;

/** My own recalls of the last 30 days: when, where, and what was seen of each; no words of any. */
export function RecallLog({ model }: Props): VNode | null {
  const section = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useKeptFocus(section, heading);
  // Where a policy forbids the log there is none.
  if (model.policy.value?.mayLog === false) return null;
  const isShown = model.isLogShown.value;
  const isEmpty = model.log.value?.length === 0;
  return (
    <section class="card" aria-labelledby="log" ref={section}>
      <h2 id="log" ref={heading} tabIndex={-1}>
        {i18n.t('recallLog.title')}
      </h2>
      <p class="help">{i18n.t('recallLog.help')}</p>
      {isShown && <Lines model={model} />}
      {!isEmpty && (
        <div class="beside">
          {!isShown && (
            <ActionButton
              label={i18n.t('recallLog.show')}
              announcer={model.announcer}
              run={() => model.showLog()}
            />
          )}
          <ActionButton
            label={i18n.t('recallLog.export')}
            announcer={model.announcer}
            run={() => save(model)}
          />
        </div>
      )}
    </section>
  );
}

/** Saves the log as it is now, not as it was when it was shown; of an empty one nothing. */
async function save(model: OptionsModel): Promise<void> {
  const [log, glance] = await Promise.all([ask('recallLog'), ask('glance')]);
  // Forbidden since the page was opened: then there is nothing to save, and no section for it.
  if (log === 'off') return model.refresh();
  if (log.length === 0) {
    model.say(i18n.t('recallLog.none'));
    return;
  }
  const name = `unsay-recalls-${isoTime(Date.now()).slice(0, 10)}.csv`;
  saveFile(
    name,
    'text/csv',
    recallCsv(log, (line, server) => clockOf(glance, line, server)),
  );
  model.say(i18n.t('recallLog.exported', [name]));
}

function Lines({ model }: Props): VNode | null {
  const most = useSignal(step);
  const room = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  useKeptFocus(room, list);
  const log = model.log.value;
  if (!log) return null;
  if (log.length === 0) return <p class="help">{i18n.t('recallLog.none')}</p>;
  return (
    <>
      <ul class="log" ref={list} tabIndex={-1} aria-labelledby="log">
        {log.slice(0, most.value).map((line) => (
          <li key={`${line.account} ${line.id} ${line.askedAt}`}>
            <LogLine
              line={line}
              name={plainText(line.conversationName, longestName)}
              time={timeIn(model.glance.value, line.account)}
              clock={Date.now()}
            />
          </li>
        ))}
      </ul>
      {log.length > most.value && (
        <div ref={room}>
          <button
            type="button"
            class="link"
            onClick={() => {
              most.value += step;
            }}
          >
            {i18n.t('recallLog.more')}
          </button>
        </div>
      )}
    </>
  );
}

/** A moment of an account's service on this computer's clock; as it is for one that is gone. */
function clockOf(glance: Glance | undefined, { account }: LogView, server: number): number {
  const time = timeIn(glance, account);
  return time ? clockTime(time, server) : server;
}
