/**
 * What people put around a name when they speak to its bearer, in the languages Unsay speaks, as
 * sources of patterns for folded texts.
 */

/** Said to somebody, before their name or after it. */
const hailsEn =
  'hi|hello|hey|hiya|dear|morning|good morning|good afternoon|good evening|thanks|thank you|sorry';
const hailsZh =
  '[你您妳]好|嗨|哈[喽囉啰]|早安|早上好|午安|下午好|晚上好|晚安|[亲親][爱愛]的|(?:[谢謝]{2}|感[谢謝]|多[谢謝])(?:[你您妳]|啦|了)?|[对對]不起|抱歉|不好意思|辛苦(?:[你您妳]?了)?|生日快[乐樂]';
const hailsJa =
  'おはよう(?:ございます)?|こんにちは|こんばんは|お(?:疲れ|つかれ)(?:様|さま)?(?:です|でした)?|(?:いつも)?(?:大変)?お世話になって(?:おり|い)ます|ありがとう(?:ございま(?:す|した))?|す[みい]ません(?:でした)?|ごめん(?:なさい|ね)?|申し訳(?:ありません|ございません)|おやすみ(?:なさい)?|はじめまして|初めまして|(?:お)?久しぶり(?:です)?|おめでとう(?:ございます)?|よろしく(?:お願い(?:いた|致)?します)?';
const hailsKo =
  '안녕(?:하세요|하십니까)?|반가워요?|반갑습니다|고마워요?|고맙습니다|감사(?:합니다|해요|드립니다)|미안(?:해요?|합니다)?|죄송(?:합니다|해요)|수고(?:하세요|하셨습니다|하셨어요|했어요?| 많으셨(?:습니다|어요))|좋은 아침(?:입니다|이에요)?|굿모닝|잘 자요?|축하(?:해요?|합니다|드려요|드립니다)';
/** Said to somebody before their name only: after it they tell of its bearer. */
const answersEn = 'ok|okay|yes|no';
const answers =
  '早|どうも|麻[烦煩](?:[你您妳]了?)?|はい|ねえ|了解(?:です|しました)?|承知(?:しました|いたしました)|네|넵|응|알겠습니다|확인했습니다';

/** What is said after a name as well; in English that tells of its bearer ("Carol thanks you"). */
export const hails = [hailsZh, hailsJa, hailsKo].join('|');
/** What is said before a name, up to the name. In English a space or a comma has to follow. */
export const openings = `(?:${hailsEn}|${answersEn})[ ,]+|(?:${hails}|${answers})[\\s,、。.!~…]*`;

const ranksJa =
  '先生|先輩|(?:部|課|係|社|店|会|次|室|所|院)長|主任|専務|常務|マネージャー|リーダー';
const titlesJa = `(?:さん|さま|様|くん|君|ちゃん|氏|殿|${ranksJa})(?:さん|様)?(?:へ(?=\\s*\\n))?`;
const ranksKo =
  '사장|대표|이사|부장|차장|과장|대리|팀장|실장|주임|매니저|사원|선임|책임|수석|선생|선배|교수|고객|기사|원장';
const titlesKo = `\\s?(?:씨|님|군|양|형님?|누나|누님|언니|오빠|쌤|샘|(?:${ranksKo})님?)`;
const titlesZh =
  '先生|小姐|女士|太太|老[师師]|同[学學]|[经經]理|主任|[医醫](?:[师師]|生)|律[师師]|教授|博士|老[板闆]|[总總董]|大?[哥姐]|[弟妹叔姨]|阿姨|[啊呀]';

/** What is put after a name out of courtesy or fondness. */
export const titles = `(?:${titlesJa}|${titlesKo}|${titlesZh})`;
/** The same after a family name that was cut off a whole one: 王小 and 姐 make a 小姐. */
export const familyTitles = titlesJa;
/** Of these, what somebody is called by with nothing after it; with others a "who?" is answered. */
export const calling = '(?:さま|様|\\s?[씨님])$';

/** How a Japanese sentence ends that tells what was heard. */
export const hearsay =
  /(?:って|らしい(?:です)?|みたい(?:です)?|[うくぐすつぬぶむるただい]そう(?:です|だ)|とのこと(?:です)?)[よねさわ]*[wー~()笑]*$/u;

/** Everybody at once. */
const all =
  '大家|各位|여러분|みんな|皆(?:さん|様)?|みなさん|all|team|everyone|everybody|guys|folks|there';
/** What is said to many, and names nobody. */
export const notNames = new RegExp(`^(?:${titles}|${all})$`, 'u');

/** What many are to somebody. By itself it is a name; where it is part of one, others have it, too. */
export const kin =
  /^(?:[爸妈媽]{2}|[爷爺奶叔伯姑姨]{2}|外[公婆]|阿[公嬤姨]|大[爷爺妈媽叔]|[师師][傅父]|客服|助理|秘[书書]|[总總][监監]|엄마|아빠)$/u;

/** A family name, of those most Chinese have (of one letter, in both scripts). */
export const familyZh =
  '[王李張张劉刘陳陈楊杨黃黄趙赵吳吴周徐孫孙馬马朱胡郭何高林羅罗鄭郑梁謝谢宋唐許许韓韩馮冯鄧邓曹彭曾蕭萧肖田董袁潘蔡蔣蒋余于杜葉叶程蘇苏魏呂吕丁任沈姚盧卢姜崔鍾钟譚谭陸陆汪范金石廖賈贾夏韋方邱侯江尹薛雷龍龙史陶黎賀贺顧顾毛郝龔龚邵萬万錢钱嚴严武戴莫孔湯汤洪游詹簡简柯溫施]';
/** The same for Korean. */
export const familyKo =
  '[김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반]';
