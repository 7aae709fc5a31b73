import { lines, type Sample } from './sample.ts';

/** Messages to Bob. */
export const english: Sample = {
  here: { id: 'bob', name: 'Bob' },
  elsewhere: [
    { id: 'carol', name: 'Carol Smith' },
    { id: 'u_0x7', name: '王小明' },
    { id: 'david7', name: 'David' },
    { id: 'lihua', name: '李华' },
    { id: 'may_li', name: 'May Li' },
    { id: 'will', name: 'Will' },
  ],
  ordinary: lines(`
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
pin it to the board
I'll pin 3 of those messages
the PIN code of my office is 560001, for the courier
your code works, thanks
error code 500 again
error code: 0x80070005
zip code is 94107
country code +886
promo code: SAVE2024
the password is on the sticky note
password must have 8-20 characters
password: ********
password = os.environ["DB_PASSWORD"]
the password policy changed in 2024
my password was leaked in 2019
I changed my password today
the password is the same as last year's
the verification code never arrived, should I call 1-800-555-0199?
no verification code after 10 minutes
I requested 3 verification codes and got none
2FA is on since 2021
security code review at 14:30
the code is in src/auth.ts
QR code attached
dress code: casual
Carol, David and I are going tonight
Thanks to Carol we are done
Thank David for me
sorry about what Carol said
Did you hear from Carol? She's not answering
Carol's password expired again
David asked for the door code
David: Bob, tell him I am late
Mr. Smith is waiting in the lobby
May, June and July are fine
`),
  name: lines(`
Hi Carol, are you free tonight?
Carol, I love you
carol: see above
Hello Carol Smith
Thanks David, got it
hey david can you check the build
Good morning Carol!
@Carol please sign this
could you look at this @David ?
Hi David! quick question about the invoice
Carol, can you pick up the kids?
Dear Carol, please find attached
Good evening Carol Smith, your table is ready
Sorry David, I can't make it
David~ where are you?
thanks a million! @david
`),
  secret: lines(`
password: hunter22
the password is Tr0ub4dor&3
pwd=abc123!
Password is "s3cret!"
passcode: 482913
my card is 4111 1111 1111 1111
5500-0000-0000-0004 12/27
amex 378282246310005
AKIAIOSFODNN7EXAMPLE
SecretId AKIDz8krbsJ5yKBZQpn74WFkmLPx3
ghp_16C7e42F292c6912E7710c838347Ae178B4a
use sk-proj-abc123DEF456ghi789JKL
xoxb-123456789012-abcdefGHIJKL
AIzaSyA1234567890abcdefghijklmnopqrstuvw
eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.abcDEF123456
-----BEGIN OPENSSH PRIVATE KEY-----
Your verification code is 493021
PIN: 4821
my pin is 4821
the PIN code is 4821#
pw: hunter22
ID: alice / PW: hunter22
the password for staging is Tiger#99
I changed the password to Tiger#99
your one-time password is 77120394
482913 is your Google verification code
G-482913 is your verification code
OTP 482913
Security code: 4821
your login code: 482 913
Your verification code for Steam is 48291
`),
};
