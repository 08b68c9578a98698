"""Names of languages, as speakers call their own and as English and Chinese call them, with their BCP 47 tags."""

from __future__ import annotations

#: What people call their own language; understood in every language.
OWN = {
    "english": "en", "中文": "zh-Hans", "简体中文": "zh-Hans", "繁体中文": "zh-Hant", "español": "es", "espanol": "es",
    "castellano": "es", "português": "pt-BR", "portugues": "pt-BR", "bahasa indonesia": "id", "tiếng việt": "vi",
    "tieng viet": "vi", "हिन्दी": "hi", "हिंदी": "hi", "français": "fr", "francais": "fr", "deutsch": "de", "italiano": "it",
    "русский": "ru", "українська": "uk", "türkçe": "tr", "turkce": "tr", "العربية": "ar", "اردو": "ur", "বাংলা": "bn",
    "தமிழ்": "ta", "日本語": "ja", "한국어": "ko", "ภาษาไทย": "th", "tagalog": "fil", "filipino": "fil", "polski": "pl",
}  # fmt: skip

ENGLISH = {
    "chinese": "zh-Hans", "mandarin": "zh-Hans", "simplified chinese": "zh-Hans", "cantonese": "zh-Hant",
    "traditional chinese": "zh-Hant", "spanish": "es", "brazilian portuguese": "pt-BR", "brazilian": "pt-BR",
    "portuguese": "pt-BR", "indonesian": "id", "bahasa": "id", "vietnamese": "vi", "hindi": "hi", "hinglish": "hi",
    "french": "fr", "german": "de", "italian": "it", "russian": "ru", "ukrainian": "uk", "turkish": "tr", "arabic": "ar",
    "urdu": "ur", "bengali": "bn", "bangla": "bn", "tamil": "ta", "telugu": "te", "marathi": "mr", "gujarati": "gu",
    "punjabi": "pa", "kannada": "kn", "malayalam": "ml", "nepali": "ne", "japanese": "ja", "korean": "ko", "thai": "th",
    "malay": "ms", "burmese": "my", "khmer": "km", "lao": "lo", "persian": "fa", "farsi": "fa", "hebrew": "he",
    "greek": "el", "polish": "pl", "dutch": "nl", "romanian": "ro", "czech": "cs", "swahili": "sw", "hausa": "ha",
    "yoruba": "yo", "igbo": "ig", "zulu": "zu", "somali": "so", "amharic": "am",
}  # fmt: skip

#: Accents are folded before these are compared.
SPANISH = {
    "ingles": "en", "frances": "fr", "aleman": "de", "chino": "zh-Hans", "mandarin": "zh-Hans", "chino mandarin": "zh-Hans",
    "cantones": "zh-Hant", "chino tradicional": "zh-Hant", "espanol": "es", "castellano": "es", "portugues": "pt-BR",
    "portugues de brasil": "pt-BR", "brasileno": "pt-BR", "italiano": "it", "ruso": "ru", "ucraniano": "uk",
    "rumano": "ro", "arabe": "ar", "japones": "ja", "coreano": "ko", "hindi": "hi", "indonesio": "id",
    "vietnamita": "vi", "tagalo": "fil", "turco": "tr", "polaco": "pl", "catalan": "ca", "guarani": "gn",
    "criollo": "ht", "creole": "ht", "hebreo": "he", "holandes": "nl", "griego": "el",
}  # fmt: skip

PORTUGUESE = {
    "ingles": "en", "frances": "fr", "alemao": "de", "chines": "zh-Hans", "mandarim": "zh-Hans", "cantones": "zh-Hant",
    "chines tradicional": "zh-Hant", "espanhol": "es", "castelhano": "es", "portugues": "pt-BR",
    "portugues do brasil": "pt-BR", "brasileiro": "pt-BR", "italiano": "it", "russo": "ru", "ucraniano": "uk",
    "romeno": "ro", "arabe": "ar", "japones": "ja", "coreano": "ko", "hindi": "hi", "indonesio": "id",
    "vietnamita": "vi", "tagalo": "fil", "turco": "tr", "polones": "pl", "guarani": "gn", "crioulo": "ht",
    "crioulo haitiano": "ht", "hebraico": "he", "holandes": "nl", "grego": "el",
}  # fmt: skip

CHINESE = {
    "英文": "en", "英语": "en", "汉语": "zh-Hans", "普通话": "zh-Hans", "国语": "zh-Hans", "简体": "zh-Hans",
    "简体字": "zh-Hans",
    "繁体": "zh-Hant", "繁体字": "zh-Hant",
    "粤语": "zh-Hant", "广东话": "zh-Hant", "白话": "zh-Hant", "台语": "zh-Hant",
    "闽南语": "zh-Hant", "闽南话": "zh-Hant", "西班牙语": "es", "西语": "es", "葡萄牙语": "pt-BR", "葡语": "pt-BR",
    "印尼语": "id",
    "印尼文": "id", "印度尼西亚语": "id", "越南语": "vi", "越南话": "vi",
    "越南文": "vi", "印地语": "hi", "法语": "fr", "德语": "de",
    "意大利语": "it", "俄语": "ru", "俄文": "ru", "土耳其语": "tr", "阿拉伯语": "ar", "日语": "ja", "日文": "ja", "韩语": "ko",
    "韩文": "ko", "朝鲜语": "ko", "泰语": "th", "泰文": "th", "马来语": "ms", "缅甸语": "my", "维语": "ug", "维吾尔语": "ug",
    "藏语": "bo", "蒙语": "mn", "蒙古语": "mn", "哈萨克语": "kk",
}  # fmt: skip
