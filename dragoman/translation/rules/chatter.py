"""What chat engines say around a translation, or instead of one."""

import re

# The word for “translation”, as it begins, in the languages that such engines speak.
_TRANSLATION = (
    r"translat|traduc|traduç|traduz|traduit|traducció|tradução|traduzione|übersetz|vertal|översätt|oversæt|overset"
    r"|tłumacz|překlad|preklad|traduce|traducere|fordít|käännö|μετάφρασ|перевод|переклад|превод|prijevod|prevod"
    r"|çevir|ترجم|תרגום|翻[译譯訳]|译文|譯文|訳文|번역|terjemah|dịch|अनुवाद|แปล"
)
_SAYS_TRANSLATION = re.compile(_TRANSLATION, re.IGNORECASE)
_HEADING = re.compile(rf"^[^:：\n]{{0,60}}(?:{_TRANSLATION})[^:：\n]{{0,40}}[:：]", re.IGNORECASE)
_BARE_HEADING = re.compile(rf"^\W*(?:{_TRANSLATION})\w*\s?[:：]", re.IGNORECASE)
_SERVILE = re.compile(
    r"^\W*(?:sure(?: thing)?|certainly|of course|absolutely|gladly|here you go|claro(?: que sí)?"
    r"|por supuesto|desde luego"
    r"|com certeza|claro que sim|gerne|natürlich|selbstverständlich|sicher|bien sûr|volontiers|avec plaisir|voici|certo"
    r"|certamente|volentieri|конечно|разумеется|звичайно|звісно|tabii(?: ki)?|elbette|بالتأكيد|بالطبع|حسن[اًا]+"
    r"|בטח|בוודאי|כמובן|当然|當然|好的|没问题|もちろん(?:です)?|承知しました|かしこまりました)\s?[!！]",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"(?:[(（\[]|\n\s{0,3}|^)(?:translator['’]s )?(?:note|nota|n\.?d\.?t|remarque|anmerkung|hinweis|примечание"
    r"|примітка|not"
    r"|ملاحظة|הערה|注|注意|註|注記|備考)\s?[:：]"
    r"|\bas an ai\b|\bai language model|allowed html tags|como (?:una? )?(?:ia\b|modelo de (?:lenguaje|ia\b))"
    r"|en tant qu['’](?:ia|intelligence artificielle|assistant)|als (?:ki|sprachmodell|künstliche intelligenz)"
    r"|как (?:ии|языковая модель)|作为(?:一个)?(?:ai|人工智能)|aiとして|as a language model",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"^\W*(?:(?:i['’]?m |i am )?(?:very |so |really )?sorry\b.{0,20}\bi\b.{0,15}(?:can(?:['’]t|not)|not able|unable)"
    r"|(?:unfortunately,? )?i (?:can(?:['’]t|not)|am (?:not able|unable) to|won['’]t) (?:help|assist|transl|provide)"
    r"|lo siento.{0,20}no puedo|desculpe.{0,20}não posso"
    r"|je (?:suis désolée?|regrette).{0,25}je ne peux|désolée?,.{0,10}je ne peux"
    r"|(?:es )?tut mir leid.{0,25}kann ich|mi dispiace.{0,20}non posso"
    r"|извините.{0,20}не могу|к сожалению.{0,10}я не могу"
    r"|вибачте.{0,20}не можу|üzgünüm|آسف.{0,20}لا (?:أستطيع|يمكنني)|מצטער.{0,20}(?:לא יכול|איני יכול)"
    r"|抱歉.{0,10}(?:我)?(?:无法|不能)|(?:申し訳|すみません).{0,20}(?:できません|いたしかねます))",
    re.IGNORECASE | re.DOTALL,
)
_COURTESY = re.compile(
    r"let me know if|i hope (?:this|that|it) helps|feel free to|hope this helps|if you need anything else",
    re.IGNORECASE,
)
_SAYS_SORRY = re.compile(
    r"sorry|\bi (?:can['’]?t|cannot|won['’]t|am)\b|siento|no puedo|désol|leid|kann|dispiace|non posso|desculp|não posso"
    r"|извин|сожал|вибач|не мож|не мог|üzgün|آسف|מצטער|抱歉|对不起|申し訳|すみません|できません",
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"""^\s*(?:```|\{\s*["']|\[\s*["'])|```\s*$|["']\s*[}\]]\s*$""")


def is_chatter(source: str, target: str) -> bool:
    """Whether an answer speaks about itself, or comes in a wrapper, as its source does not."""
    if _WRAPPED.search(target) and not _WRAPPED.search(source):
        return True
    if _BARE_HEADING.search(target) and not _SAYS_TRANSLATION.search(source):
        return True
    if _HEADING.search(target) and not (_SAYS_TRANSLATION.search(source) or re.search(r"[:：](?!\d)", source[:60])):
        return True
    return bool(_REMARK.search(target)) and not _REMARK.search(source) and not _is_said_too(source)


def is_courteous(source: str, target: str) -> bool:
    """Whether an answer begins, refuses or takes leave as a chat engine does: people say so too, mostly briefly."""
    if _SERVILE.search(target) and not re.search("[!！]", source[:40]):
        return True
    if _COURTESY.search(target) and not _COURTESY.search(source):
        return True
    return bool(_REFUSAL.search(target)) and not _SAYS_SORRY.search(source)


def _is_said_too(source: str) -> bool:
    """A reader's own note, in brackets or behind a colon."""
    return re.search(r"[(（\[][^)）\]]{1,12}[:：]|(?:\n|^)[^\n\d]{1,12}[:：]", source) is not None
