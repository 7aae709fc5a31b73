import { lines, type Person } from './sample.ts';

/** A group as this computer knows it, and messages to it. */
export interface GroupSample {
  readonly name: string;
  /** Who wrote there, and how often, in what is kept. */
  readonly wrote: readonly (readonly [id: string, name: string, times: number])[];
  /** Some of what they wrote. */
  readonly said: readonly string[];
  /** Whom I talk to one to one; some are in the group, whether or not they ever wrote there. */
  readonly known: readonly Person[];
  readonly ordinary: readonly string[];
  /** These speak to somebody who is not in the group. */
  readonly strangers: readonly string[];
}

/** Eight colleagues; Erin and the boss read only. */
const office: GroupSample = {
  name: 'Launch crew',
  wrote: [
    ['bob', 'Bob', 41],
    ['carol', 'Carol (QA)', 38],
    ['david7', 'Dave', 22],
    ['may_li', 'May Li', 9],
    ['frank', 'frank', 3],
  ],
  said: ['Erin will join from next week', 'who has the build?', 'lgtm', 'Bob, done'],
  known: [
    { id: 'carol', name: 'Carol Smith' },
    { id: 'david7', name: 'David' },
    { id: 'erin', name: 'Erin' },
    { id: 'boss', name: 'Sandra Boyle' },
    { id: 'mum', name: 'Mum' },
    { id: 'helen', name: 'Helen' },
    { id: 'liu', name: '刘洋' },
  ],
  ordinary: lines(`
Hi Carol, is the build green?
David, can you take that one?
Dave, can you take that one?
@May Li please review
Erin, welcome!
Hi Erin, here are the notes
Carol, David: standup moved to 10
Thanks Bob
thanks all
Hi all
Good morning everyone
Morning team
frank: can you merge?
Helen from the agency will send the pictures
I asked Helen, she says Friday
Helen's pictures are in the folder
Mum called, I have to leave early
tell Sandra it is ready
Sandra Boyle approved the budget
+1
ship it
on it
the release is at 16:30
who broke main?
reverted
password for the demo is on the wiki
standup notes: https://docs.example.com/d/1
lunch?
brb
I'm out tomorrow
`),
  strangers: lines(`
Hi Mum, I'll be late for dinner
Mum, can you call me?
Helen, thanks for the pictures
@Helen can you send the invoice?
刘洋，晚上吃饭吗
Good evening Helen, about my contract
`),
};

/** A class of forty, most of whom seldom write: too little is known to say who is not there. */
const crowd: GroupSample = {
  name: '三年二班家長群',
  wrote: [
    ['teacher', '陳老師', 40],
    ['p1', '小安媽媽', 12],
    ['p2', '小宇爸爸', 8],
    ['p3', '阿芬', 4],
    ...Array.from({ length: 9 }, (_, at) => [`q${at}`, `家長${at}`, 1] as const),
  ],
  said: ['收到', '謝謝老師', '好的', '請問明天要帶什麼？'],
  known: [
    { id: 'p3', name: '阿芬' },
    { id: 'p20', name: '雅琪' },
    { id: 'p21', name: '林美惠' },
    { id: 'boss', name: '王經理' },
  ],
  ordinary: lines(`
陳老師您好，小傑今天請假
老師好，謝謝您
雅琪，謝謝妳幫忙買水果
雅琪妳好，錢轉過去了
@林美惠 妳家的水壺在我這裡
阿芬，明天一起接送嗎？
謝謝阿芬
各位家長好
收到，謝謝老師
好的
請問明天幾點集合？
明天要帶什麼？
小傑的聯絡簿忘在學校
王經理要我加班，誰能幫忙接小孩？
謝謝大家
+1
辛苦老師了
美惠說她會晚到
`),
  strangers: [],
};

/** A new group: nothing is known of it yet. */
const fresh: GroupSample = {
  name: '旅行',
  wrote: [
    ['lihua', '李华', 3],
    ['zhou', '老周', 2],
  ],
  said: ['机票订了吗', '还没'],
  known: [
    { id: 'lihua', name: '李华' },
    { id: 'xiaomei', name: '小美' },
    { id: 'gang', name: '刚子' },
  ],
  ordinary: lines(`
小美，你想住哪里？
刚子你好，欢迎
李华，机票订了吗
老周，几点集合
@小美 看下酒店
大家好
周五出发
我请假了
酒店订好了
带身份证
几个人？
六个
`),
  strangers: [],
};

/** A family, all of whom write. */
const family: GroupSample = {
  name: '佐藤家',
  wrote: [
    ['mother', '佐藤 恵子', 60],
    ['father', '佐藤 健', 31],
    ['yui', 'ゆい', 44],
    ['granny', 'おばあちゃん', 6],
  ],
  said: ['今日何時に帰る？', 'カレーだよ', '了解', '田中さんに会ったよ'],
  known: [
    { id: 'mother', name: '佐藤 恵子' },
    { id: 'yui', name: 'ゆい' },
    { id: 'tanaka', name: '田中 太郎' },
    { id: 'suzuki_h', name: '鈴木花子' },
    { id: 'yamamoto', name: '山本' },
  ],
  ordinary: lines(`
ゆい、牛乳買ってきて
ゆいちゃん、宿題やった？
おばあちゃん、元気？
お母さん、今日遅くなる
健さん、お迎えお願い
恵子さん、ありがとう
みんな、おはよう
田中さんがみかんくれた
田中さん、引っ越すらしいよ
鈴木さんは明日来るって
山本先生の授業、休講になった
今日カレー？
駅着いた
傘持ってる？
了解
はーい
おやすみ
写真送って
週末どうする？
19時に予約した
`),
  strangers: lines(`
鈴木様、お見積りをお送りします
鈴木さん、明日の会議ですが
山本くん、飲みに行こう
お疲れ様です、鈴木さん
@鈴木さん 確認お願いします
`),
};

/** A team that has talked for months; its newest member has not said a word. */
const team: GroupSample = {
  name: '개발팀',
  wrote: [
    ['jihoon', '김지훈', 55],
    ['minsu_p', '박민수', 47],
    ['seoyeon', '이서연', 39],
    ['lead', '최 팀장', 28],
    ['david7', 'David', 12],
  ],
  said: ['배포했습니다', '확인 부탁드려요', '넵', '민수님 감사합니다'],
  known: [
    { id: 'minsu_p', name: '박민수' },
    { id: 'seoyeon', name: '이서연' },
    { id: 'newbie', name: '한예린' },
    { id: 'haeun', name: '정하은' },
    { id: 'mom', name: '엄마' },
    { id: 'taeho', name: '오태호' },
  ],
  ordinary: lines(`
민수님, 확인 부탁드립니다
서연님 안녕하세요
지훈아, 밥 먹자
예린님, 환영합니다!
팀장님, 결재 부탁드립니다
David님, 빌드 확인해 주세요
하은이 데리러 가야 해서 먼저 갑니다
엄마가 편찮으셔서 반차 쓸게요
태호 씨는 옆 팀이에요
태호님이 보내주셨어요
오태호 대리가 휴가래요
배포 시작합니다
배포 끝
넵
확인했습니다
수고하셨습니다
여러분 점심 뭐 먹어요
회의 10분 미룰게요
PR 올렸어요
감사합니다
ㅋㅋㅋ
리뷰했어요
main 깨졌어요
3.6.6으로 올렸습니다
내일 휴가입니다
`),
  strangers: lines(`
하은아, 엄마 늦어
엄마, 나 오늘 늦어
태호야 저녁에 볼래?
태호님, 계약서 보내드립니다
고마워 하은아
`),
};

/** Friends, one of whom goes by another name there. */
const friends: GroupSample = {
  name: '小美、阿明、志豪',
  wrote: [
    ['mei', '美美子', 50],
    ['ming', '阿明', 45],
    ['wang5', '隔壁老王', 20],
  ],
  said: ['晚上唱歌？', '走', '幾點', '哈哈'],
  known: [
    { id: 'mei', name: '小美' },
    { id: 'ming', name: '阿明' },
    { id: 'jh_lin', name: '志豪' },
    { id: 'wang5', name: '小王' },
    { id: 'dad', name: '爸爸' },
    { id: 'lin_mgr', name: '林經理' },
  ],
  ordinary: lines(`
小美，幾點到？
阿明早安
小王，你帶麥克風
謝謝小王
志豪，要不要來？
志豪你來不來
爸爸叫我回家
林經理又叫我加班
林經理的案子好煩
晚上唱歌
走啊
幾點
老地方
我遲到十分鐘
哈哈哈
生日快樂！
幫我占位子
塞車
到了
+1
`),
  strangers: lines(`
爸爸，我晚點回家
爸爸早安
林經理您好，報告已寄出
謝謝林經理
@林經理 請查收
`),
};

export const groups: readonly GroupSample[] = [office, crowd, fresh, family, team, friends];
