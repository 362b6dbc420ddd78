//! The words of reporting, and of running a deployment.

use tideline_shared::protocol::{Did, Outcome, Reason, RegistrationMode};

/// What people are called in these sentences.
fn name(display_name: &str, nobody: &str) -> String {
    if display_name.is_empty() { nobody.to_owned() } else { display_name.to_owned() }
}

/// The words of a language.
#[allow(missing_docs, reason = "each field is named for the words that it holds")]
pub struct Admin {
    // Reporting.
    pub report: &'static str,
    pub report_text: &'static str,
    pub report_reason: &'static str,
    pub reason_of: fn(Reason) -> &'static str,
    pub report_note: &'static str,
    pub send_report: &'static str,
    pub reported: &'static str,

    // Running a deployment.
    pub title: &'static str,
    pub link_text: &'static str,
    pub open: &'static str,
    pub not_yours: &'static str,
    pub not_yours_text: &'static str,
    pub overview: &'static str,
    pub people: &'static str,
    pub groups: &'static str,
    pub reports: &'static str,
    pub log: &'static str,
    pub more_rows: &'static str,
    pub nothing: &'static str,
    pub nothing_text: &'static str,
    pub no_reports: &'static str,
    pub no_reports_text: &'static str,
    pub no_log_text: &'static str,
    pub find_people: &'static str,
    pub find_groups: &'static str,
    pub accounts: &'static str,
    pub guests: &'static str,
    pub messages: &'static str,
    pub files: &'static str,
    pub open_reports: &'static str,
    pub banned_people: &'static str,
    pub hourly: &'static str,
    pub new_accounts: fn(u64) -> String,
    pub new_groups: fn(u64) -> String,
    pub since: fn(String) -> String,
    pub banned: &'static str,
    pub ban: &'static str,
    pub ban_title: fn(&str) -> String,
    pub ban_text: &'static str,
    pub unban: &'static str,
    pub group_facts: fn(u64, u64, String) -> String,
    pub public: &'static str,
    pub private: &'static str,
    pub show: &'static str,
    pub done_reports: &'static str,
    pub about: fn(&str) -> String,
    pub reported_by: fn(&str, String) -> String,
    pub with_files: fn(usize) -> String,
    pub dismiss: &'static str,
    pub recall: &'static str,
    pub outcome_of: fn(Outcome) -> &'static str,
    pub did: fn(&Did) -> String,
    pub registration: &'static str,
    pub registration_text: &'static str,
    pub mode_of: fn(RegistrationMode) -> &'static str,
    pub largest_file: &'static str,
    pub room: &'static str,
    pub room_text: &'static str,
    pub no_bound: &'static str,
    pub announcement: &'static str,
    pub announcement_text: &'static str,
    pub announce: &'static str,
    pub withdraw: &'static str,
}

pub(super) static EN: Admin = Admin {
    report: "Report",
    report_text: "Whoever runs this service sees your name, what you say here, and the message if it is about one. The other person is not told.",
    report_reason: "Reason",
    reason_of: |reason| match reason {
        Reason::Spam => "Spam",
        Reason::Abuse => "Insults, threats or hatred",
        Reason::Pretence => "Pretends to be somebody else",
        Reason::Illegal => "Against the law",
        Reason::Other => "Something else",
    },
    report_note: "What should they know?",
    send_report: "Send report",
    reported: "Thank you. Your report was sent.",

    title: "Administration",
    link_text: "You own this service: see who and what there is, and decide who may come in.",
    open: "Open administration",
    not_yours: "This is for the owner",
    not_yours_text: "Only whoever owns this service sees what is here.",
    overview: "Overview",
    people: "People",
    groups: "Groups",
    reports: "Reports",
    log: "Log",
    more_rows: "Show more",
    nothing: "Nothing found",
    nothing_text: "Try another name, or a part of it.",
    no_reports: "No reports",
    no_reports_text: "What people report stands here.",
    no_log_text: "Whatever you change here is kept in this log.",
    find_people: "Find people",
    find_groups: "Find groups",
    accounts: "Accounts",
    guests: "Guests among them",
    messages: "Messages",
    files: "Files",
    open_reports: "Open reports",
    banned_people: "Banned",
    hourly: "Messages and files are counted once an hour.",
    new_accounts: |n| format!("New accounts in the last 30 days: {n}"),
    new_groups: |n| format!("New groups in the last 30 days: {n}"),
    since: |day| format!("Since {day}"),
    banned: "Banned",
    ban: "Ban",
    ban_title: |name| format!("Ban {name}?"),
    ban_text: "They are signed out everywhere and cannot come back until you let them in. What they wrote stays.",
    unban: "Let in again",
    group_facts: |members, messages, size| {
        let members = if members == 1 { "1 member".into() } else { format!("{members} members") };
        let messages =
            if messages == 1 { "1 message".into() } else { format!("{messages} messages") };
        format!("{members} · {messages} · {size}")
    },
    public: "Public",
    private: "Private",
    show: "Show",
    done_reports: "Decided reports",
    about: |name| format!("About {name}"),
    reported_by: |name, time| format!("Reported by {name}, {time}"),
    with_files: |n| if n == 1 { "With 1 file".into() } else { format!("With {n} files") },
    dismiss: "Dismiss",
    recall: "Recall message",
    outcome_of: |outcome| match outcome {
        Outcome::Recall => "Message recalled",
        Outcome::Ban => "Person banned",
        Outcome::Dismiss => "Dismissed",
    },
    did: |did| {
        let name = |display_name: &str| name(display_name, "somebody");
        match did {
            Did::SetRegistration { mode: RegistrationMode::Open } => {
                "Opened registration to everybody".into()
            }
            Did::SetRegistration { mode: RegistrationMode::Invite } => {
                "Set registration to invited people".into()
            }
            Did::SetRegistration { mode: RegistrationMode::Closed } => "Closed registration".into(),
            Did::SetLimits { .. } => "Changed how much may be uploaded".into(),
            Did::Announce { text } => format!("Announced: {text}"),
            Did::Withdraw => "Withdrew the announcement".into(),
            Did::Ban { person } => format!("Banned {}", name(&person.display_name)),
            Did::Unban { person } => format!("Let {} in again", name(&person.display_name)),
            Did::Resolve { outcome, person, .. } => {
                let about = name(&person.display_name);
                match outcome {
                    Outcome::Recall => format!("Recalled a reported message of {about}"),
                    Outcome::Ban => format!("Banned {about} because of a report"),
                    Outcome::Dismiss => format!("Dismissed a report about {about}"),
                }
            }
            Did::Unknown => "Changed something that this page is too old to know".into(),
        }
    },
    registration: "Who may register",
    registration_text: "Whoever has an account already comes in as before.",
    mode_of: |mode| match mode {
        RegistrationMode::Open => "Everybody",
        RegistrationMode::Invite => "Only with an invite link",
        RegistrationMode::Closed => "Nobody",
    },
    largest_file: "Largest file",
    room: "Room for the files of one conversation",
    room_text: "It takes a minute to hold everywhere. What is there already stays.",
    no_bound: "No limit",
    announcement: "Announcement",
    announcement_text: "Everybody sees it above their conversations until they dismiss it.",
    announce: "Announce",
    withdraw: "Withdraw",
};

pub(super) static ZH: Admin = Admin {
    report: "举报",
    report_text: "此服务的管理者会看到你的名字、你在这里写的内容，以及所举报的消息。对方不会得到通知。",
    report_reason: "原因",
    reason_of: |reason| match reason {
        Reason::Spam => "垃圾广告",
        Reason::Abuse => "辱骂、威胁或仇恨言论",
        Reason::Pretence => "冒充他人",
        Reason::Illegal => "违法内容",
        Reason::Other => "其他",
    },
    report_note: "还有什么需要说明的？",
    send_report: "提交举报",
    reported: "谢谢，举报已提交。",

    title: "管理",
    link_text: "你是此服务的所有者：可以查看用户和群组，并决定谁能加入。",
    open: "打开管理页面",
    not_yours: "此页面仅供所有者使用",
    not_yours_text: "只有此服务的所有者才能看到这里的内容。",
    overview: "概览",
    people: "用户",
    groups: "群组",
    reports: "举报",
    log: "日志",
    more_rows: "显示更多",
    nothing: "没有找到",
    nothing_text: "换个名字，或只输入一部分试试。",
    no_reports: "没有举报",
    no_reports_text: "用户的举报会显示在这里。",
    no_log_text: "你在这里做的每项更改都会记入日志。",
    find_people: "查找用户",
    find_groups: "查找群组",
    accounts: "账号",
    guests: "其中访客",
    messages: "消息",
    files: "文件",
    open_reports: "待处理举报",
    banned_people: "已封禁",
    hourly: "消息和文件每小时统计一次。",
    new_accounts: |n| format!("近 30 天新账号：{n}"),
    new_groups: |n| format!("近 30 天新群组：{n}"),
    since: |day| format!("{day} 加入"),
    banned: "已封禁",
    ban: "封禁",
    ban_title: |name| format!("封禁 {name}？"),
    ban_text: "对方会在所有设备上退出登录，解除封禁前无法再登录。已发送的消息会保留。",
    unban: "解除封禁",
    group_facts: |members, messages, size| format!("{members} 名成员 · {messages} 条消息 · {size}"),
    public: "公开",
    private: "私密",
    show: "显示",
    done_reports: "已处理举报",
    about: |name| format!("关于 {name}"),
    reported_by: |name, time| format!("{name} 于 {time} 举报"),
    with_files: |n| format!("含 {n} 个文件"),
    dismiss: "忽略",
    recall: "撤回消息",
    outcome_of: |outcome| match outcome {
        Outcome::Recall => "已撤回消息",
        Outcome::Ban => "已封禁此人",
        Outcome::Dismiss => "已忽略",
    },
    did: |did| {
        let name = |display_name: &str| name(display_name, "某人");
        match did {
            Did::SetRegistration { mode: RegistrationMode::Open } => "开放所有人注册".into(),
            Did::SetRegistration { mode: RegistrationMode::Invite } => "设为仅限受邀者注册".into(),
            Did::SetRegistration { mode: RegistrationMode::Closed } => "关闭注册".into(),
            Did::SetLimits { .. } => "更改上传限制".into(),
            Did::Announce { text } => format!("发布公告：{text}"),
            Did::Withdraw => "撤下公告".into(),
            Did::Ban { person } => format!("封禁 {}", name(&person.display_name)),
            Did::Unban { person } => format!("解除对 {} 的封禁", name(&person.display_name)),
            Did::Resolve { outcome, person, .. } => {
                let about = name(&person.display_name);
                match outcome {
                    Outcome::Recall => format!("撤回 {about} 被举报的消息"),
                    Outcome::Ban => format!("因举报封禁 {about}"),
                    Outcome::Dismiss => format!("忽略关于 {about} 的举报"),
                }
            }
            Did::Unknown => "做了此页面尚不认识的更改".into(),
        }
    },
    registration: "谁可以注册",
    registration_text: "已有账号的人不受影响。",
    mode_of: |mode| match mode {
        RegistrationMode::Open => "所有人",
        RegistrationMode::Invite => "仅限有邀请链接的人",
        RegistrationMode::Closed => "任何人都不可以",
    },
    largest_file: "单个文件上限",
    room: "每个会话的文件空间",
    room_text: "一分钟内在各处生效，已有的文件不受影响。",
    no_bound: "不限",
    announcement: "公告",
    announcement_text: "所有人都会在会话列表上方看到，直到自己关闭。",
    announce: "发布",
    withdraw: "撤下",
};
