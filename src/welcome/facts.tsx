import { i18n } from '#i18n';
import type { VNode } from 'preact';
import type { Policy } from '../platform/policy.ts';
import { paragraph } from '../ui/words.ts';

/** What Unsay does, in the sentences that matter before agreeing. */
export function What(): VNode {
  return (
    <section class="card" aria-labelledby="what">
      <h2 id="what">{i18n.t('welcome.what')}</h2>
      <ul class="points">
        <li>{i18n.t('welcome.whatRecall')}</li>
        <li>{i18n.t('welcome.whatHonest')}</li>
        <li>{i18n.t('welcome.whatNever')}</li>
        <li>{i18n.t('welcome.whatPage')}</li>
        <li>{i18n.t('welcome.whatSites')}</li>
      </ul>
    </section>
  );
}

/** What is read and kept, where it goes and for how long: all of it, as PRIVACY.md has it. */
export function Kept({ policy }: { readonly policy: Policy | undefined }): VNode {
  const notKept = paragraph([i18n.t('welcome.draftLong'), i18n.t('options.managed')]);
  const mostDays = policy?.retentionDays;
  const rows = [
    [
      i18n.t('welcome.messagesWhat'),
      i18n.t('welcome.messagesWhere'),
      mostDays === 0
        ? notKept
        : paragraph([
            i18n.t('welcome.messagesLong'),
            ...(mostDays === undefined ? [] : [i18n.t('options.keptMost', mostDays)]),
          ]),
    ],
    [i18n.t('welcome.recallsWhat'), i18n.t('welcome.recallsWhere'), i18n.t('welcome.recallsLong')],
    [
      i18n.t('welcome.ownWhat'),
      i18n.t('welcome.ownWhere'),
      policy?.mayLog === false ? notKept : i18n.t('welcome.ownLong'),
    ],
    [
      i18n.t('welcome.wordsWhat'),
      i18n.t('welcome.wordsWhere'),
      policy?.mayReEdit === false ? notKept : i18n.t('welcome.wordsLong'),
    ],
    [i18n.t('welcome.readsWhat'), i18n.t('welcome.readsWhere'), i18n.t('welcome.readsLong')],
    [i18n.t('welcome.draftWhat'), i18n.t('welcome.draftWhere'), i18n.t('welcome.draftLong')],
    [i18n.t('welcome.pageWhat'), i18n.t('welcome.pageWhere'), i18n.t('welcome.pageLong')],
    [i18n.t('welcome.sessionWhat'), i18n.t('welcome.sessionWhere'), i18n.t('welcome.sessionLong')],
    [i18n.t('welcome.signInWhat'), i18n.t('welcome.signInWhere'), i18n.t('welcome.signInLong')],
    [i18n.t('welcome.windowsWhat'), i18n.t('welcome.windowsWhere'), i18n.t('welcome.windowsLong')],
    [
      i18n.t('welcome.settingsWhat'),
      i18n.t('welcome.settingsWhere'),
      i18n.t('welcome.settingsLong'),
    ],
  ] as const;
  return (
    <section class="card" aria-labelledby="kept">
      <h2 id="kept">{i18n.t('welcome.data')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{i18n.t('welcome.dataWhat')}</th>
            <th scope="col">{i18n.t('welcome.dataWhere')}</th>
            <th scope="col">{i18n.t('welcome.dataLong')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([what, where, long]) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td>{where}</td>
              <td>{long}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>{i18n.t('welcome.nobody')}</p>
    </section>
  );
}
