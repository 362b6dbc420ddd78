//! The local store's layout. A change here is a change of what programs that are out there have
//! written: raise the format, or read both.

use expect_test::expect;
use tideline_shared::{Code, Reject};

use crate::kit::*;

#[test]
fn the_layout_of_the_store() {
    let mut device = Device::new();
    device.online(vec![entry(group(1), 2, 1)]);
    device.show(group(1));
    let link = device.join(group(1), whole(2..=2));
    device.write_message(group(1), "refused");
    let (reference, ..) = device.messages_sent(link).remove(0);
    let reject = Reject::new(Code::NotAllowed);
    device.hear(link, &ConversationFrame::Rejected { reference: Some(reference), reject });
    device.write_message(group(1), "waits");
    let rows: Vec<_> = device.store.iter().map(|(key, value)| format!("{key} {value}")).collect();
    expect![[r#"
        account/cursor {"format":1,"cursor":10}
        account/profile {"user":"0174876e-8000-7101-8101-010101010101","display_name":"Ana","gender":"unstated","signature":"","created_at":1700000000000}
        conversation/018bcfe5-6800-7101-8101-010101010101 {"format":1,"cursor":3,"record":{"kind":"group","name":"Garden","group_type":"","description":"","created_at":1700000000000},"stored":232}
        entry/018bcfe5-6800-7101-8101-010101010101 {"conversation":"018bcfe5-6800-7101-8101-010101010101","kind":"group","title":"Garden","last_seq":2,"last_at":1700000002000,"preview":{"author":"0174876e-8000-7202-8202-020202020202","author_name":"Ben","text":"m2"},"read_seq":1,"unread":1}
        member/018bcfe5-6800-7101-8101-010101010101/0174876e-8000-7101-8101-010101010101 {"user":"0174876e-8000-7101-8101-010101010101","display_name":"Ana","role":"member","joined_at":1700000000000,"joined_seq":0}
        member/018bcfe5-6800-7101-8101-010101010101/0174876e-8000-7202-8202-020202020202 {"user":"0174876e-8000-7202-8202-020202020202","display_name":"Ben","role":"member","joined_at":1700000000000,"joined_seq":0}
        message/018bcfe5-6800-7101-8101-010101010101/00000000000000000002 {"id":"00000000-0002-7202-8202-020202020202","seq":2,"version":3,"author":"0174876e-8000-7202-8202-020202020202","at":1700000002000,"body":{"type":"text","text":"m2"}}
        outbox/00000001800000000000/01a3185c-5000-771c-82cb-da11f6fe6169 {"conversation":"018bcfe5-6800-7101-8101-010101010101","text":"refused","at":1800000000000,"failed":"not_allowed"}
        outbox/00000001800000000001/01a3185c-5000-7b2c-8e30-e6f8afc735f8 {"conversation":"018bcfe5-6800-7101-8101-010101010101","text":"waits","at":1800000000000}"#]].assert_eq(&rows.join("\n"));
}
