import * as v from 'valibot';
import type { Element } from './content.ts';

/*
 * What SDK 3.6.6 says of the content of a message that is no text, as far as it tells whether two
 * messages carry the same. Lengths are in bytes. Addresses are left alone: they can be credentials.
 */

/** Longest part of it that is looked at. */
const longestPart = 256;

const Size = v.fallback(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0);
const Part = v.fallback(v.pipe(v.string(), v.maxLength(longestPart)), '');

const ImageContent = v.object({
  uuid: Part,
  imageInfoArray: v.fallback(v.array(v.object({ size: Size, width: Size, height: Size })), []),
});
const FileContent = v.object({ uuid: Part, fileName: Part, fileSize: Size });
const SoundContent = v.object({ uuid: Part, size: Size, second: Size });
const VideoContent = v.object({ videoUUID: Part, videoSize: Size, videoSecond: Size });
/** A forwarded message keeps its own time and random number. */
const MergerContent = v.object({
  messageList: v.fallback(v.array(v.object({ clientTime: Size, messageRandom: Size })), []),
});

/** More forwarded messages than this are not compared. */
const mostForwarded = 300;

/**
 * Tells whether two messages carry the same picture, recording, file or forwarded messages: the
 * same copy, forwarded, or one that agrees in all that is told of it. Undefined where that is not
 * enough to tell, and for texts, which tell by their words.
 */
export function identityOf(elements: readonly Element[]): string | undefined {
  // Messages of several elements are of other clients, and none of them forwards those.
  const [element, another] = elements;
  if (!element || another) return undefined;
  const parts = partsOf(element);
  return parts && JSON.stringify([element.type, ...parts]);
}

function partsOf({ type, content }: Element): readonly (string | number)[] | undefined {
  switch (type) {
    case 'TIMImageElem': {
      const image = read(ImageContent, content);
      const { size, width, height } = image?.imageInfoArray[0] ?? { size: 0, width: 0, height: 0 };
      return carried(image?.uuid, size, [width, height]);
    }
    case 'TIMFileElem': {
      const file = read(FileContent, content);
      return carried(file?.uuid, file?.fileSize, [file?.fileName ?? '']);
    }
    case 'TIMSoundElem': {
      const sound = read(SoundContent, content);
      return carried(sound?.uuid, sound?.size, [sound?.second ?? 0]);
    }
    case 'TIMVideoFileElem': {
      const video = read(VideoContent, content);
      return carried(video?.videoUUID, video?.videoSize, [video?.videoSecond ?? 0]);
    }
    case 'TIMRelayElem': {
      const list = read(MergerContent, content)?.messageList ?? [];
      if (list.length === 0 || list.length > mostForwarded) return undefined;
      return list.flatMap(({ clientTime, messageRandom }) => [clientTime, messageRandom]);
    }
    default:
      return undefined;
  }
}

/** By its length and all else that is told; the number it was uploaded under where there is no length. */
function carried(
  uuid = '',
  size = 0,
  more: readonly (string | number)[],
): readonly (string | number)[] | undefined {
  if (size > 0) return [size, ...more];
  return uuid === '' ? undefined : [uuid];
}

function read<Schema extends v.GenericSchema>(
  schema: Schema,
  content: unknown,
): v.InferOutput<Schema> | undefined {
  const result = v.safeParse(schema, content);
  return result.success ? result.output : undefined;
}
