// `npm run store-pictures`: the stores' screenshots (1280 x 800), taken of the running product, each
// under a caption; they come to test/results/store. README's two pictures are taken with them.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Tab } from '../browsers/browser.ts';
import { pointAt } from '../e2e/hand.ts';
import { turnOn } from '../e2e/user.ts';
import { conduct } from '../setup/conduct.ts';
import { builds } from '../setup/quality.ts';
import { root } from '../setup/step.ts';
import { openStage, type Stage } from '../tour/stage.ts';
import { listingLanguages, readListing, type ListingLanguage } from './listing.ts';
import { pictureNames, type PictureName } from './picture-names.ts';

const size = { width: 1280, height: 800 } as const;
/** What is left of the height below the caption. */
const shownHeight = 700;
/** The welcome page is shown smaller, so that its practice chat is seen whole. */
const welcomeScale = 0.8;
const composer = '[class*="MessageInput"] .ProseMirror[contenteditable="true"]';
const words = {
  en: {
    wrong: 'See you at eight, darling',
    slip: 'Forget page four',
    stays: 'Noon is fine',
    last: 'Page four is the one that matters',
  },
  zh_CN: {
    wrong: '八点见，亲爱的',
    slip: '别看第四页',
    stays: '中午可以',
    last: '重点在第四页',
  },
} as const;

const built = await conduct(builds);
if (!built.every(({ isOk }) => isOk)) process.exit(1);
for (const language of listingLanguages) {
  const folder = path.join(root, 'test/results/store', language);
  mkdirSync(folder, { recursive: true });
  const stage = await openStage({
    browser: 'chromium',
    isHeadless: true,
    pictures: undefined,
    locale: language === 'en' ? 'en-US' : 'zh-CN',
  });
  try {
    await takeAll(stage, language, folder);
  } finally {
    await stage.close();
  }
  console.log(`Pictures: ${path.relative(root, folder)}/`);
}

async function takeAll(stage: Stage, language: ListingLanguage, folder: string): Promise<void> {
  const { browser, server } = stage;
  const say = words[language];
  const take = (tab: Tab, name: PictureName, viewport?: Picture['viewport']) =>
    takeOne(stage, tab, { language, folder, name, ...(viewport && { viewport }) });

  const welcome = await browser.waitForTab(browser.extensionUrl('welcome.html'));
  await welcome.click('.composer input');
  await welcome.type(`${say.wrong}\n`);
  await take(welcome, 'welcome', {
    width: size.width / welcomeScale,
    height: shownHeight / welcomeScale,
  });
  await welcome.activate();
  await welcome.click('.consent .button.main');
  await welcome.waitFor(() => document.querySelector('.withdraw') !== null);
  await welcome.close();

  const chat = await stage.openChat('react-6', 'alice', 'C2Cbob');
  await chat.waitForText(say.last);
  await turnOn(browser, chat, stage.origin);
  await chat.activate();
  await chat.click(composer);
  await chat.type(`${say.wrong}\n`);
  await pointAt(chat, say.wrong, '#message-list-container');
  // The undo bar comes after the control, in a place where it covers neither.
  await chat.closed.waitFor({ css: '.bar .row', text: say.wrong });
  await take(chat, 'recall');
  if (language === 'en') {
    await chat.activate();
    await chat.screenshot(path.join(root, 'test/tour/page.png'));
  }

  const slip = server.post({ from: 'bob', to: 'C2Calice', text: say.slip });
  await chat.waitForText(say.slip);
  server.recall(slip, { by: 'bob' });
  await chat.closed.waitFor('span.line', { what: 'the placeholder' });
  await take(chat, 'placeholder');

  server.post({ from: 'alice', to: 'GROUPteam', text: say.stays });
  const popup = await browser.openPopup(chat);
  await popup.waitForText(say.stays);
  await popup.waitFor(() => document.querySelector('[role=switch][aria-checked=true]') !== null);
  if (language === 'en') await popup.screenshot(path.join(root, 'test/tour/popup.png'));
  await take(popup, 'popup', 'its own');
}

interface Picture {
  readonly language: ListingLanguage;
  readonly folder: string;
  readonly name: PictureName;
  /** What is shown of the page; default: the whole width. */
  readonly viewport?: { readonly width: number; readonly height: number } | 'its own';
}

/** Takes a picture of a tab and puts it under its caption. */
async function takeOne(
  { browser }: Stage,
  tab: Tab,
  { language, folder, name, viewport = { width: size.width, height: shownHeight } }: Picture,
): Promise<void> {
  const at = pictureNames.indexOf(name);
  const raw = path.join(folder, `${name}-bare.png`);
  if (viewport !== 'its own') await tab.setViewport(viewport.width, viewport.height);
  await tab.screenshot(raw);
  const frame = path.join(folder, `${name}.html`);
  writeFileSync(frame, frameOf(readListing(language).captions[at] ?? '', raw));
  const framed = await browser.open(pathToFileURL(frame).href);
  await framed.setViewport(size.width, size.height);
  await framed.waitFor(() => document.querySelector('img')?.complete);
  await framed.screenshot(path.join(folder, `${at + 1}-${name}.png`));
  await framed.close();
  rmSync(raw);
  rmSync(frame);
}

function frameOf(caption: string, picture: string): string {
  const image = readFileSync(picture).toString('base64');
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; height: ${size.height}px; overflow: hidden; background: #eaf0fd;
      font: 600 30px/100px system-ui, 'Noto Sans CJK SC', sans-serif; color: #1c2027;
      text-align: center; }
    img { display: block; margin: 0 auto; max-height: ${shownHeight}px;
      box-shadow: 0 0 24px rgb(0 0 0 / 18%); }
  </style>${caption}<img alt="" src="data:image/png;base64,${image}">`;
}
