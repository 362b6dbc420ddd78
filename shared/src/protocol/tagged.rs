//! Reading what the service sends: enums whose `type` comes first.
//!
//! Serde's own reading of internally tagged enums keeps all of a map in memory until it has found
//! the tag, wherever it stands, and is compiled twice over for every type below it. The service
//! writes the tag first, always; reading on from there costs a browser a tenth less code to fetch
//! and to compile. (What programs send to the service may have its `type` anywhere.)

use serde::de::{Error, IgnoredAny, MapAccess};

/// The tag, which must be the first key of the map.
pub(super) fn first<'de, A: MapAccess<'de>>(map: &mut A) -> Result<String, A::Error> {
    match map.next_key::<String>()? {
        Some(key) if key == "type" => map.next_value(),
        _ => Err(A::Error::custom("the first key is not `type`")),
    }
}

/// Leaves the rest of the map unread.
pub(super) fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

/// Implements `Deserialize` for an enum with an `Unknown` arm, from its tags.
macro_rules! read_tagged {
    ($name:ident { $($tag:literal => $variant:ident $(($of:ty))? $({
        $($(#[$attribute:meta])* $field:ident: $type:ty),*
    })?,)* }) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct Visitor;

                impl<'de> serde::de::Visitor<'de> for Visitor {
                    type Value = $name;

                    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        out.write_str("a map that begins with its type")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> Result<Self::Value, A::Error> {
                        match $crate::protocol::tagged::first(&mut map)?.as_str() {
                            $($tag => {
                                $crate::protocol::tagged::read_tagged!(
                                    @variant $name, map, $variant $(($of))? $({
                                        $($(#[$attribute])* $field: $type),*
                                    })?
                                )
                            })*
                            _ => {
                                $crate::protocol::tagged::skip(&mut map)?;
                                Ok($name::Unknown)
                            }
                        }
                    }
                }

                from.deserialize_map(Visitor)
            }
        }
    };
    (@variant $name:ident, $map:ident, $variant:ident ($of:ty)) => {{
        let rest = serde::de::value::MapAccessDeserializer::new($map);
        <$of as serde::Deserialize>::deserialize(rest).map($name::$variant)
    }};
    (@variant $name:ident, $map:ident, $variant:ident {
        $($(#[$attribute:meta])* $field:ident: $type:ty),*
    }) => {{
        #[derive(serde::Deserialize)]
        struct Fields {
            $($(#[$attribute])* $field: $type,)*
        }
        let rest = serde::de::value::MapAccessDeserializer::new($map);
        let Fields { $($field),* } = serde::Deserialize::deserialize(rest)?;
        Ok($name::$variant { $($field),* })
    }};
    (@variant $name:ident, $map:ident, $variant:ident) => {{
        $crate::protocol::tagged::skip(&mut $map)?;
        Ok($name::$variant)
    }};
}

pub(super) use read_tagged;

#[cfg(test)]
mod tests {
    use crate::protocol::{ConversationReply, SessionReply};

    #[test]
    fn what_begins_with_its_type_is_read() {
        let done = serde_json::from_str::<ConversationReply>(r#"{"type":"done","version":3}"#);
        assert_eq!(done.ok(), Some(ConversationReply::Done { version: 3 }));
        let out = serde_json::from_str::<SessionReply>(r#"{"type":"signed_out","more":[1]}"#);
        assert_eq!(out.ok(), Some(SessionReply::SignedOut));
    }

    #[test]
    fn a_type_from_the_future_is_unknown_and_its_fields_are_skipped() {
        let text = r#"[{"type":"brand_new","deep":{"er":[1,{"x":null}]}},{"type":"signed_out"}]"#;
        let read = serde_json::from_str::<Vec<SessionReply>>(text);
        assert_eq!(read.ok(), Some(vec![SessionReply::Unknown, SessionReply::SignedOut]));
    }

    #[test]
    fn a_type_in_another_place_is_refused() {
        for text in [r#"{"version":3,"type":"done"}"#, "{}", "[]", r#"{"type":"done"}"#] {
            assert!(serde_json::from_str::<ConversationReply>(text).is_err(), "{text}");
        }
    }
}
