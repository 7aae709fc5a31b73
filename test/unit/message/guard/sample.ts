/** Whom I talk to in the sample; the first is in the chat that is judged. */
export const people = {
  bob: {
    here: ['Bob', 'bob'],
    elsewhere: ['Carol Smith', 'carol', '王小明', 'u_0x7', 'David', '李华', 'May Li', 'Will'],
  },
  xiaozhang: {
    here: ['小张', 'zhang3'],
    elsewhere: ['Carol Smith', 'carol', '王小明', 'David', '李华', '老周', 'Bob'],
  },
} as const;

/** Ordinary messages to Bob: nothing in them went to the wrong place. One a line. */
export const ordinary = `
ok
Thanks!
On my way
See you at 7
can you send me the report?
I'll be there in 10 minutes
Hi Bob, how was the weekend?
Bob, did you see the mail from Carol?
Good morning
Good morning Bob
hey, are we still on for lunch
lol
😂😂😂
Carol said she would join later
I talked to David about the budget yesterday
David thinks we should wait
Will you come to the party?
Will it rain tomorrow?
May I call you?
May is a good month for that
In May we have two releases
ask Carol Smith, she knows
Tell David I said hi
Carol and David are already there
is Carol coming too?
Happy birthday!!
Congrats on the new job 🎉
My phone number is 13812345678
Call me at +1 415 555 0132
The meeting id is 812 3456 7890
Order 2024111200017734 has shipped
tracking number 1Z999AA10123456784
Tracking: 9400 1000 0000 0000 0000 00
Invoice no. 4500012345678
ISBN 978-3-16-148410-0
the ticket is PROJ-1234
commit 3f2a9c1d8e7b6a5f4c3d2e1f0a9b8c7d6e5f4a3b is the culprit
https://example.com/orders/4111111111111111?utm_source=chat
see https://github.com/foo/bar/pull/4521
The password is wrong again
I forgot my password
password reset mail never came
did you change the password?
what's the wifi password?
password: see the wiki
Your password expires soon, says IT
The password is too short
Pass the salt please
the passport is in the drawer
Do you have a code for the door?
The code review is done
the discount code is SPRING20
verification takes two days
OTP is broken on staging
my pin cushion is lost
card is declined, lol
I paid by card
12345
1234567890
1 2 3 4 5 6 7 8 9 10 11 12 13
3.14159265358979323846
2024-11-25 16:30
192.168.1.1
127.0.0.1:8080 works for me
version 10.15.7 (19H2)
build 20261125.1534
let x = 4 * 4 + 16
sk-ip this one
the task-list-for-next-week-is-long-but-fine
eyJust kidding
BEGIN with the end in mind
-----
key takeaways: ship it, test it
public key is on my website
ssh keys are rotated every year
AKA the boss
AI is overrated
ghp is what exactly?
xoxo
xox, see you
token ring networks, remember?
bearer of bad news here
no worries
Sounds good to me
Let me check and get back to you
I think we should go with option B
Not today, sorry
Sorry, wrong window
Sorry Bob, I was late
yes, that works
No, tomorrow
thank you so much
Thank you Bob
Dear Bob, thanks for the invitation
Dear all, please find the agenda attached
Hello everyone
Hi all
Hi team, standup in 5
hey there
hey you
Hello from Berlin
hello world
morning all
thanks everyone
thanks a lot, see you
Yes please
OK cool
okay, deal
OK David's plan it is
did Will reply?
where there's a will there's a way
I will, don't worry
carol singing on Friday?
We sang a Christmas carol
Email me at alice@example.com
write to support@carol.example
the @ sign is missing
@Bob can you look at this?
cc @bob
RT @newspaper: rain tomorrow
what time is it in Tokyo?
I have a dentist appointment at 3
could you pick up milk
running late, traffic is awful
just landed
the kids are asleep
good night
how much was it?
it was 1,234,567.89 EUR
IBAN follows by mail
send me your IBAN please
the flight is LH 1234 at 06:45
seat 23A
my booking is X7K2PQ
room 4012, floor 4
gate code? ask the concierge
the answer is 42
that's a secret 😉
it's no secret that I like cake
top secret: there's cake
secretly I agree
The API key page is down
we need an API key for the map
which key do I press?
A minor, the key of the song is A minor
passcode for the podcast? none
lunch: 12:30
time: 12:30
user: alice
see p. 4539 1488 or so
room 4539148803436467890123
1e10 is big
the score was 4-2
5 + 5 = 10
v4.1.2-rc.1
file_2024_11_25_final_v2.docx
IMG_20241125_163000.jpg
lat 48.8566, lon 2.3522
+49 30 1234567
call 0800 123 4567 89
ok let's do it, Carol is fine with that
good point about what David, our lead, said
as Carol put it: simple is better
the doc by David: https://docs.example.com/d/1
great
perfect, thanks
awesome!!
hm
???
brb
afk
ttyl
np
gg
+1
`
  .trim()
  .split('\n');

/** The same to 小张. */
export const ordinaryZh = `
好的
收到
谢谢
在吗
马上到
晚上一起吃饭吗？
小张，明天几点开会？
小张你好，资料发你邮箱了
你好
您好
早上好
早
晚安
哈哈哈哈
王小明说他晚点到
我昨天问过李华了
李华觉得可以
李华的方案比较好
你问问王小明吧
告诉李华我不去了
王小明和李华都到了
老周今天请假了
老周，我们部门的，你认识吧？
是不是王小明发的？
明天下午三点在会议室
会议号 812 345 678
我的电话是13812345678
手机号 138 1234 5678
座机 010-62345678
订单号 2024112500017734
快递单号 SF1234567890123
快递 7734 5567 8890 12
发票号 04403180
身份证带了吗
身份证号我忘带了
密码错了
密码忘了
密码是多少？
密码改了吗
密码太短了
密码至少要8位
密码：见邮件
WiFi密码贴在墙上
重置密码的邮件没收到
口令红包抢到了吗
验证码收不到
验证码过期了
没有验证码
这个验证码怎么老是错
银行卡没带
刷卡还是扫码？
转你500了
一共 12345 元
价格 1,299.00
地址：北京市海淀区中关村大街27号
房间号 4012
座位 12A
航班 CA1234 06:45 起飞
高铁 G1234 次
12306
10086
110
一二三四五
2024年11月25日
16:30 见
版本 3.6.6
https://example.com/item?id=6222020200112233445
链接：https://pan.example.com/s/1abcDEF
提取码在群里
生日快乐
新年快乐
恭喜恭喜
辛苦了
没事
不客气
好的好的
可以
不行
等一下
我看看
稍等
到了告诉我
路上堵车
下雨了
带伞
周末有空吗
哪天都行
听你的
随便
吃了吗
刚吃完
困了
明天见
回头聊
拜拜
嗯嗯
哦
？
。。。
[微笑]
😂
👍
666
888
233333
1
11
+1
ok
OK
thanks
bug 修好了
代码已经提交了
commit 3f2a9c1d 有问题
帮我看下这个报错
key 不存在
token 过期了
API 文档更新了
公钥放在服务器上了
密钥管理讲的是什么
这是个秘密
别告诉别人
保密
我觉得李华说得对
李华在吗？找她有事
王小明是谁
小明同学来了
把王小明拉进来吧
跟David约好了
David说周五发版
Carol不来了
@小张 看一下
@所有人 开会了
大家好
各位早
你好呀
您好，请问在吗
谢谢小张
谢谢大家
谢谢你
抱歉，来晚了
对不起，刚看到
早上好，今天天气不错
亲爱的，几点回家
早点休息
你到哪了
我在楼下
电梯坏了
会议取消了
改到明天上午十点
收到，马上处理
好，我来安排
文件太大发不了
图片看不清
语音不方便，打字吧
能视频吗
流量不够了
报销单填好了
合同编号 HT-2024-1125-003
工号 10086123
学号 20210112345
QQ 123456789
温度 36.5
体重 65.2kg
跑了 10.5 公里
比分 3:2
π 是 3.1415926535897932
1+1=2
第 12 页
第三章
左转 200 米
余额 0.01
限时 24 小时
5 折
买一送一
`
  .trim()
  .split('\n');

/** Messages to Bob (`name`) or to anybody (`secret`) that look as if they went to the wrong place. */
export const alarming: Readonly<Record<'name' | 'secret', readonly string[]>> = {
  name: [
    'Hi Carol, are you free tonight?',
    'Carol, I love you',
    'carol: see above',
    'Hello Carol Smith',
    'Thanks David, got it',
    'hey david can you check the build',
    'Good morning Carol!',
    '@Carol please sign this',
    'could you look at this @David ?',
    '王小明，报告写好了吗',
    '李华你好，我是昨天的客户',
    '你好李华，合同我看了',
    '您好，王小明 有空吗',
    '@李华 看一下',
    '李华：明天见',
  ],
  secret: [
    'password: hunter22',
    'the password is Tr0ub4dor&3',
    'pwd=abc123!',
    'Password is "s3cret!"',
    '密码：abc123456',
    '密码是Qwer1234',
    'WiFi密码是 12345678',
    '口令: x9$kk2',
    'passcode: 482913',
    'my card is 4111 1111 1111 1111',
    '5500-0000-0000-0004 12/27',
    '卡号6222021234567890128',
    'amex 378282246310005',
    'AKIAIOSFODNN7EXAMPLE',
    'SecretId AKIDz8krbsJ5yKBZQpn74WFkmLPx3',
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    'use sk-proj-abc123DEF456ghi789JKL',
    'xoxb-123456789012-abcdefGHIJKL',
    'AIzaSyA1234567890abcdefghijklmnopqrstuvw',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.abcDEF123456',
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    'Your verification code is 493021',
    '【平台】验证码：839201，五分钟内有效',
    '身份证 11010519491231002X',
  ],
};
