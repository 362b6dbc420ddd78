//! English.

use tideline_shared::search::Has;

use super::{Lang, Locale, reject};

/// The table of English.
pub static EN: Locale = Locale {
    lang: Lang::En,

    sign_in_lead: "Sign in to your conversations.",
    register_lead: "Create an account and start talking.",
    username: "Username",
    username_hint: "2 to 32 letters, digits, dots, hyphens or underscores.",
    password: "Password",
    password_hint: "At least 8 characters.",
    sign_in: "Sign in",
    create_account: "Create account",
    new_here: "New here?",
    create_an_account: "Create an account",
    have_account: "I already have an account",
    signed_out_elsewhere: "You have been signed out on this device.",

    invited_to: "You are invited to",
    your_name: "Your name",
    join_as_guest: "Join as guest",
    join_group: "Join group",
    guest_hint: "No account needed. You can set a password later and keep everything.",
    or: "or",
    dead_invite: "This invite does not work",
    to_start: "Go to the start page",
    loading: "Loading…",

    conversations: "Conversations",
    connection: "Connection",
    online: "Online",
    connecting: "Connecting…",
    offline: "Offline",
    new_message: "New message",
    new_group: "New group",
    search: "Search",
    settings: "Settings",
    no_messages_yet: "No messages yet",
    you: "You",
    unread: |n| format!("{n} unread"),
    mentions: |n| if n == 1 { "1 mentions you".into() } else { format!("{n} mention you") },
    draft: "Draft",
    silent: "Muted",
    pinned: "Pinned",
    marked_unread: "Marked as unread",
    archived: |n| format!("Archived ({n})"),
    not_archived: "Back to the list",
    no_conversations: "No conversations yet",
    no_conversations_text: "Find somebody you know, or make a group and send its invite link to friends.",
    pick_conversation: "Nothing open yet",
    pick_conversation_text: "What you choose from the list opens here.",
    find_someone: "Find somebody",
    make_group: "Make a group",

    back: "Back",
    conversation_details: "Conversation details",
    messages: "Messages",
    message: "Message",
    send: "Send",
    attach_file: "Attach file",
    record_voice: "Record a voice message",
    holds: |holds| match holds {
        Has::Image => "Photo",
        Has::Voice => "Voice message",
        _ => "File",
    },
    emoji: "Emoji",
    message_actions: "Message actions",
    copy_code: "Copy code",
    copied: "Copied",
    copy_failed: "The browser did not allow copying. Select the text and copy it by hand.",
    retry: "Retry",
    discard: "Discard",
    sending: "Sending",
    sent: "Sent",
    delivered: "Delivered",
    read: "Read",
    failed: "Failed",
    not_sent: |why| format!("Not sent. {why}"),
    today: "Today",
    yesterday: "Yesterday",
    new_messages: "New messages",
    jump_to_newest: "Jump to newest",
    reactions: "Reactions",
    recalled: "Message recalled",
    answers: |name, text| format!("In reply to {name}: {text}"),
    forwarded_from: |name| format!("Forwarded from {name}"),
    reply_to: |name| format!("Reply to {name}"),
    edit_message: "Edit message",
    edited: "edited",
    earlier_versions: "Earlier versions",
    pinned_message: "Pinned message",
    select: "Select",
    jump_to_unread: "First unread",
    jump_to_date: "Go to a date",
    start_group: |name| format!("This is the beginning of {name}."),
    start_direct: |name| format!("This is the beginning of your conversation with {name}."),
    joined: |name| format!("{name} joined"),
    left: |name| format!("{name} left"),
    unknown_body: "Reload the page to see this message.",
    offline_banner: "You are offline. What you write is sent when you are back.",
    cannot_show: "This conversation cannot be shown",
    characters_left: |n| match n {
        1 => "1 character left".into(),
        n if n < 0 => format!("{} too many", -n),
        n => format!("{n} characters left"),
    },

    typing: |names| match names {
        None => "typing…".into(),
        Some([name]) => format!("{name} is typing…"),
        Some([one, other]) => format!("{one} and {other} are typing…"),
        Some(_) => "several people are typing…".into(),
    },
    is_online: "online",
    last_seen: |when| format!("last seen {when}"),
    member_count: |n| if n == 1 { "1 member".into() } else { format!("{n} members") },
    cancel: "Cancel",
    was_removed: |name| format!("{name} was removed"),

    find_here: "Find in conversation",

    optional: "optional",
    guest: "Guest",
    asks_for_you: |n| {
        if n == 1 { "1 contact request".into() } else { format!("{n} contact requests") }
    },

    deleted_account: "Deleted account",

    nowhere: "There is nothing here",
    nowhere_text: "The address may be mistyped, or what it led to is gone.",
    notifications: "Notifications",
    dismiss: "Dismiss",
    no_network: "You seem to be offline. Check the connection and try again.",
    wait_seconds: |n| {
        if n == 1 {
            "That was a bit too fast. Try again in a second.".into()
        } else {
            format!("That was a bit too fast. Try again in {n} seconds.")
        }
    },
    reject: |code| reject::sentence(Lang::En, code),
};
