//! What depends on a number or a time, in each language.

use super::{Ago, EN, Lang, ZH};

/// The same words with a count of one and of two.
fn both(words: fn(u64) -> String) -> [String; 2] {
    [words(1), words(2)]
}

#[test]
fn english_tells_one_from_many() {
    let more = Lang::En.more();
    assert_eq!(both(EN.member_count), ["1 member", "2 members"]);
    assert_eq!(both(EN.asks_for_you), ["1 contact request", "2 contact requests"]);
    assert_eq!(both(EN.ask_to_come_in), ["1 asks to join", "2 ask to join"]);
    assert_eq!(both(EN.mentions), ["1 mentions you", "2 mention you"]);
    assert_eq!(both(more.so_many_people), ["One person", "2 people"]);
    let left = [1, 2, 0, -3].map(EN.characters_left);
    assert_eq!(left, ["1 character left", "2 characters left", "0 characters left", "3 too many"]);
    assert_eq!([1, 2].map(more.recall_title), ["Recall this message?", "Recall 2 messages?"]);
    assert!((EN.wait_seconds)(1).ends_with("in a second."));
    assert!((EN.wait_seconds)(2).ends_with("in 2 seconds."));
}

#[test]
fn chinese_counts_with_a_measure_word() {
    assert_eq!(both(ZH.member_count), ["1 位成员", "2 位成员"]);
    assert_eq!(both(ZH.unread), ["1 条未读", "2 条未读"]);
    assert_eq!(both(ZH.asks_for_you), ["1 个联系人申请", "2 个联系人申请"]);
    assert_eq!([1, -3].map(ZH.characters_left), ["还可输入 1 个字符", "超出 3 个字符"]);
}

#[test]
fn times_are_told_inside_of_a_sentence() {
    let all = || {
        let day = "Nov 3".to_owned();
        [
            Ago::Now,
            Ago::Minutes(1),
            Ago::Minutes(5),
            Ago::Hours(1),
            Ago::Hours(3),
            Ago::Yesterday,
            Ago::Days(2),
            Ago::On(day),
        ]
    };
    let english = all().map(|ago| (EN.last_seen)((EN.ago)(ago)));
    let seen = ["just now", "a minute ago", "5 minutes ago", "an hour ago", "3 hours ago"];
    let seen = seen.into_iter().chain(["yesterday", "2 days ago", "on Nov 3"]);
    assert!(english.into_iter().eq(seen.map(|when| format!("last seen {when}"))));
    let used = (Lang::En.more().used_last)((EN.ago)(Ago::Yesterday));
    assert_eq!(used, "Last used yesterday");
    let chinese = all().map(ZH.ago);
    assert_eq!(
        chinese,
        ["刚刚", "1 分钟前", "5 分钟前", "1 小时前", "3 小时前", "昨天", "2 天前", "Nov 3"]
    );
    assert_eq!((ZH.last_seen)((ZH.ago)(Ago::Minutes(5))), "最后在线：5 分钟前");
}

#[test]
fn chinese_words_are_joined_by_chinese_marks() {
    assert_eq!((EN.colon, EN.between_names), (": ", ", "));
    assert_eq!((ZH.colon, ZH.between_names), ("：", "、"));
}
