# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine can see of bad translations: words that the vocabulary forbids, a language's own punctuation, and
whether one English term is one term."""
import ast
import re

CJK = "[\u3001-\u303f\u3040-\u30ff\u4e00-\u9fff\uff00-\uffef]"

# Faults of a language's punctuation, spaces and words: what must not be found, and why.
FAULTS = {
    "de": ((r"[”«»\"]|„[^“]*$", "quotation marks are „ and “"),
           (r"\b[Dd](?:u|ein|eine[mnrs]?|ich|ir)\b", "people are addressed as Sie"),
           (r"[Vv]erbunden", "what is joined to Microsoft Entra is eingebunden in it", r"\b[Jj]oined\b"),
           (r"von %s Geräte\b", "behind a whole stands the dative: Geräten"),
           (r"geklappt|bleib(?:t|en)\b.* weg\b|Bytes|\(Frist\)|\bIT-Admins|an Intune gehen", "not a word of the vocabulary")),
    "fr": ((r"[^\u202f];(?:\s|$)|[^\u202f][?!](?:\s|$)", "a narrow no-break space (U+202F) stands before ; ? !"),
           (r"[^\u00a0]:(?:\s|$)", "a no-break space (U+00A0) stands before :"),
           (r"«[^\u00a0]|[^\u00a0]»|[“”„\"]", "quotation marks are « and », with no-break spaces (U+00A0) inside"),
           (r"\d[ \u00a0]\d\d\d", "a narrow no-break space (U+202F) stands between thousands"),
           (r"\w'\w", "the apostrophe is ’"),
           (r"\b(?:tu|toi|ton|tes)\b", "people are addressed as vous"),
           (r"[Cc]ourriel|[Ss]tatuts?\b|[Ee]xploitée connue|Niveau de sécurité|aller à Intune", "not a word of the vocabulary")),
    "ja": ((r"[“”\"]", "quotation marks are 「 and 」"),
           (CJK + r" 「|」 " + CJK, "no space stands beside a quotation mark"),
           (r"公開(?!エクスプロイト)", "exposed is 露出", r"[Ee]xpos"),
           (r"却下|既に|電子メール", "not a word of the vocabulary")),
    "sv": ((r"[“„«»\"]", "quotation marks are ” and ”"),
           (r"\d \d\d\d", "a no-break space stands between thousands"),
           (r"(?<!:)\b[NnEe](?:i|r|rt|ra)\b", "people are addressed as du"),
           (r"säkerhetsaktivitet|exploatering|API:ts|\bkända? utnyttjad", "not a word of the vocabulary")),
    "zh_TW": ((r"[“”\"]", "quotation marks are 「 and 」"),
              (CJK + r" ?\((?!_\w\))|\([^()]*[\u4e00-\u9fff][^()]*\)", "parentheses are full-width around and after "
               "Chinese text"),
              (CJK + r" ?[?:;,!](?:\s|$)", "punctuation is full-width after Chinese text"),
              (r"(?<!嗎)？$", "a question is 要…嗎？", r"^[A-Z][^:.]*\?$"),
              (r"(?:%'?[sd]|\d|每|這|另一) ?部(?!分)|^部(?!分)", "what is counted is 台"),
              (r"（_\w）", "a mnemonic is (_N)"),
              (r"(?<![A-Za-z-])ID(?![A-Za-z-])", "an ID is 識別碼"),
              (r"喜好設定|例外狀況|要求修復|(?<![系統])管理員", "not a word of the vocabulary")),
}

# One English term and the word for it in each language.
TERMS = (
    (r"\b[Oo]utbox\b(?! list| retry| revoke)", "Postausgang", "oîte d’envoi", "送信トレイ", "tkorg", "寄件匣"),
    (r"\bsecurity task", "Sicherheitsaufgabe", "tâches? de sécurité", "セキュリティ タスク", "säkerhetsuppgift", "安全性工作"),
    (r"\bdevice group", "Gerätegruppe", "roupes? d’appareils|groupes? choisi", "デバイス グループ", "nhetsgrupp", "裝置群組"),
    (r"remediation activit", "Korrekturaktivität", "ctivités? de correction", "修復アクティビティ", "tgärdsaktivitet", "修復活動"),
    (r"\b[Ee]xpos(?:ed|ure)\b", "[Gg]efährd", "[Ee]xpos", "露出", "xpon", "暴露"),
    (r"(?<!requested or )\b[Rr]ejected\b", "[Aa]bgelehnt|abzulehnen", "ejet", "拒否", "vvisa", "拒絕"),
    (r"\b[Rr]efused\b", "icht angenommen", "on accepté|pas (?:été )?accepté", "受け付け", "ekade|ekat", "未接受|未獲接受"),
    (r"\bpublic exploit", "Exploit", "xploit", "公開エクスプロイト", "xploit", "惡意探索"),
    (r"\b[Rr]ecommendation(?!s, weaknesses)", "[Ee]mpfehlung|EMPFEHLUNG", "ecommandation|RECOMMANDATION", "推奨事項",
     "ekommendation|REKOMMENDATION", "建議"),
    (r"(?<!-)\bexceptions?\b(?! ID| add| cancel| approve| reject|, archive)", "[Aa]usnahme|ausgenommen", "xception", "例外", "ndantag", "例外"),
    (r"\b[Tt]ickets?\b", "[Tt]icket", "[Tt]icket", "チケット", "rende", "票證"),
    (r"\b[Tt]enant\b(?!-)", "Mandant", "ocataire", "テナント", "lientorganisation", "租用戶"),
    (r"(?<!-)\b[Pp]rofile\b", "[Pp]rofil", "[Pp]rofil", "プロファイル", "[Pp]rofil", "設定檔"),
    (r"\bIT admins?\b", "IT-Administrator", "dministrateurs? informatique", "IT 管理者", "IT-administratör", "IT 系統管理員"),
    (r"\b[Dd]ue date\b", "Fälligkeitsdatum", "ate d’échéance", "期日", "örfallodatum", "到期日"),
    (r"\b[Ww]ithdr", "[Zz]urück(?:zu|ge)?n(?:eh|om)m|Nehmen .* zurück|Rücknahme", "etir|etrait", "取り下げ",
     "[Dd]r[ao].* tillbaka|illbakadra", "撤銷"),
    (r"(?<!-)\b[Aa]ccepted\b", "[Aa]ngenommen|Risiko akzeptiert|nehmen", "ccept", "承認|リスクの受容", "ccepter", "接受"),
    (r"\b[Jj]ustification\b", "Begründung", "ustification", "理由", "otivering", "理由"),
    (r"\bin the portal\b", "(?:[Ii]m|aus dem) Portal", "dans le portail", "ポータル", "(?:i|från) portalen", "入口網站"),
    (r"\b[Uu]ser impact\b", "uswirkung auf Benutzer", "mpact pour l’utilisateur", "ユーザーへの影響", "nvändarpåverkan",
     "影響使用者|對使用者的影響|是否影響使用者"),
    (r"\b[Ww]eakness(?!es, devices|es --)", "chwachstelle", "aiblesse", "弱点", "vaghet", "弱點"),
)
LANGUAGES = ("de", "fr", "ja", "sv", "zh_TW")
PLACEHOLDER = re.compile(r"(--[a-z-]+|\bget|\bset|\badd|tvm-remediate|tenant-id) ([A-Z][A-Z-]+)\b")


def read_catalogue(text):
    """Each message of a catalogue: its context, its text and the texts of its translation."""
    for paragraph in re.split(r"\n\s*\n", text):
        found = {}
        for name, value in re.findall(r'^(msg\w+(?:\[\d\])?) ((?:".*"\n?)+)', paragraph, re.MULTILINE):
            found[name] = "".join(ast.literal_eval(line) for line in value.splitlines())
        if found.get("msgid"):
            yield found.get("msgctxt"), found["msgid"], [t for n, t in found.items() if n.startswith("msgstr")]


def punctuation(language, source, text):
    """What is wrong with one translation by itself."""
    for pattern, reason, *only in FAULTS[language]:
        if re.search(pattern, text) and (not only or re.search(only[0], source)):
            yield reason
    if "..." in text or ("…" in source) != ("…" in text) or (" …" in text and " …" not in source):
        yield "the ellipsis is …, where the English text has it, without a space"
    if source.count("_") != text.count("_") or re.search(r"…\(_", text):
        yield "one mnemonic, in Japanese and Chinese as (_N) before the ellipsis"


def terms(language, source, text):
    """Which terms a translation calls by another word."""
    column = 1 + LANGUAGES.index(language)
    return [f"“{re.search(row[0], source)[0]}” is “{row[column]}”" for row in TERMS
            if re.search(row[0], source) and not re.search(row[column], text)]


def placeholders(words, source, text):
    """Which placeholders of a help text are not those of the options; words translates them."""
    return [f"{before} {word} is {before} {words[word]}" for before, word in PLACEHOLDER.findall(source)
            if word in words and f"{before} {words[word]}" not in text]


def faults(language, text):
    """Sentences about what is wrong in a catalogue."""
    messages = list(read_catalogue(text))
    words = {source: texts[0] for _, source, texts in messages if re.fullmatch("[A-Z-]{2,}", source)}
    for _, source, texts in messages:
        for translation in filter(None, texts):
            for reason in (*punctuation(language, source, translation), *terms(language, source, translation),
                           *placeholders(words, source, translation)):
                yield f"{language}.po: “{translation.strip()}”: {reason}"
