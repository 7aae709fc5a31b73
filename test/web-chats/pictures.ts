/**
 * What the kits would load from Tencent's content network, drawn here: a person, a group, an emoji.
 *
 * @param address path the kit asked for; only what kind of picture it is matters.
 * @returns SVG
 */
export function drawPicture(address: string): string {
  if (/emoji|face-elem/.test(address)) return picture('#fcd34d', FACE);
  if (/group|constomer/.test(address)) return picture('#7c9cc9', PERSON_LEFT + PERSON_RIGHT);
  return picture('#94a3b8', PERSON);
}

const PERSON = '<circle cx="32" cy="25" r="11"/><path d="M12 58a20 20 0 0 1 40 0z"/>';
const PERSON_LEFT = '<circle cx="23" cy="27" r="9"/><path d="M7 55a16 16 0 0 1 32 0z"/>';
const PERSON_RIGHT = '<circle cx="43" cy="25" r="7"/><path d="M41 38a14 14 0 0 1 17 14H42z"/>';
const FACE =
  '<g fill="#78350f"><circle cx="23" cy="26" r="4"/><circle cx="41" cy="26" r="4"/>' +
  '<path d="M18 38a15 15 0 0 0 28 0z"/></g>';

function picture(ground: string, shapes: string): string {
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">' +
    `<rect width="64" height="64" rx="8" fill="${ground}"/><g fill="#fff">${shapes}</g></svg>`
  );
}
