//! Reading JSON in a browser (RFC 8259): what the service and the local store wrote, into serde's types.
//!
//! `serde_json` says exactly what is wrong with a text, and where; to be able to, it brings the printing of
//! floating point numbers, a second way to read every record (from an array), and a sentence for each
//! mistake: a twentieth of what a first visit fetches, of which nobody ever sees anything, since
//! whoever reads here only wants to know whether it worked. This reader keeps to that. A record is an
//! object; a number is a whole one, since nothing on the wire is anything else; other numbers are skipped
//! where they are not asked for.

use std::fmt;

use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};

/// The text is not JSON, or not what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("unreadable")
    }
}

impl std::error::Error for Unreadable {}

/// Why is not kept: every way to say it comes to the same.
impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

type Read<T> = Result<T, Unreadable>;

/// Reads one value, which is all that the text holds.
///
/// # Errors
/// The text is not JSON, or not that of a `T`.
pub fn read_json<'de, T: Deserialize<'de>>(text: &'de str) -> Read<T> {
    let mut reader = Reader { text, at: 0 };
    let value = T::deserialize(&mut reader)?;
    if reader.peek().is_none() { Ok(value) } else { Err(Unreadable) }
}

/// A value that stays text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Raw<'a>(pub(crate) &'a str);

/// By this name the reader knows that it is asked for the text.
const RAW: &str = "tideline raw";

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = &'de str;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("JSON")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(text)
            }
        }

        from.deserialize_newtype_struct(RAW, Text).map(Raw)
    }
}

/// A string: as it stands in the text, or put together where it has escapes.
enum Text<'de> {
    Plain(&'de str),
    Made(String),
}

enum Number {
    Positive(u64),
    Negative(i64),
}

struct Reader<'de> {
    text: &'de str,
    /// How far it has read, in bytes.
    at: usize,
}

impl<'de> Reader<'de> {
    /// The next byte that is not space, which stays.
    fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.byte() {
            if !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    /// The next byte of all.
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Takes this byte, behind any space.
    fn expect(&mut self, byte: u8) -> Read<()> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(Unreadable)
        }
    }

    fn word(&mut self, word: &str) -> Read<()> {
        if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(())
        } else {
            Err(Unreadable)
        }
    }

    fn bool(&mut self) -> Read<bool> {
        match self.peek() {
            Some(b't') => self.word("true").map(|()| true),
            _ => self.word("false").map(|()| false),
        }
    }

    /// What was passed over since `start`.
    fn since(&self, start: usize) -> Read<&'de str> {
        self.text.get(start..self.at).ok_or(Unreadable)
    }

    fn digits(&mut self) -> Read<&'de str> {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        let digits = self.since(start)?;
        if digits.is_empty() { Err(Unreadable) } else { Ok(digits) }
    }

    /// Passes over a number: whether it is negative, the digits, and whether it is a whole one.
    fn any_number(&mut self) -> Read<(bool, &'de str, bool)> {
        let negative = self.peek() == Some(b'-');
        self.at += usize::from(negative);
        let digits = self.digits()?;
        if digits.len() > 1 && digits.starts_with('0') {
            return Err(Unreadable);
        }
        // "-0" is the zero of floating point numbers.
        let mut whole = !(negative && digits == "0");
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
            whole = false;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.byte() {
                self.at += 1;
            }
            self.digits()?;
            whole = false;
        }
        Ok((negative, digits, whole))
    }

    fn number(&mut self) -> Read<Number> {
        let start = self.at;
        match self.any_number()? {
            (_, _, false) => Err(Unreadable),
            (false, digits, _) => digits.parse().map(Number::Positive).map_err(|_| Unreadable),
            (true, ..) => {
                let number = self.since(start)?.trim_start();
                number.parse().map(Number::Negative).map_err(|_| Unreadable)
            }
        }
    }

    fn string(&mut self) -> Read<Text<'de>> {
        self.expect(b'"')?;
        let mut made: Option<String> = None;
        let mut start = self.at;
        loop {
            match self.byte().ok_or(Unreadable)? {
                b'"' => {
                    let rest = self.since(start)?;
                    self.at += 1;
                    return Ok(match made {
                        Some(made) => Text::Made(made + rest),
                        None => Text::Plain(rest),
                    });
                }
                b'\\' => {
                    let before = self.since(start)?;
                    self.at += 1;
                    let escaped = self.escape()?;
                    let made = made.get_or_insert_default();
                    made.push_str(before);
                    made.push(escaped);
                    start = self.at;
                }
                0..0x20 => return Err(Unreadable),
                _ => self.at += 1,
            }
        }
    }

    /// The character behind a backslash.
    fn escape(&mut self) -> Read<char> {
        let byte = self.byte().ok_or(Unreadable)?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.unit()?;
                let code = if (0xd800..0xdc00).contains(&unit) {
                    self.word("\\u")?;
                    let low = self.unit()?.wrapping_sub(0xdc00);
                    if low >= 0x400 {
                        return Err(Unreadable);
                    }
                    0x1_0000 + ((unit - 0xd800) << 10) + low
                } else {
                    unit
                };
                char::from_u32(code).ok_or(Unreadable)?
            }
            _ => return Err(Unreadable),
        })
    }

    /// A UTF-16 unit: four hexadecimal digits.
    fn unit(&mut self) -> Read<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            unit = unit * 16 + digit.ok_or(Unreadable)?;
            self.at += 1;
        }
        Ok(unit)
    }

    /// Passes over a value.
    fn skip(&mut self) -> Read<()> {
        // What is open, innermost last.
        let mut open = Vec::new();
        loop {
            match self.peek().ok_or(Unreadable)? {
                bracket @ (b'[' | b'{') => {
                    self.at += 1;
                    let close = bracket + 2;
                    if self.peek() == Some(close) {
                        self.at += 1;
                    } else {
                        open.push(close);
                        if close == b'}' {
                            self.name()?;
                        }
                        continue;
                    }
                }
                b'"' => drop(self.string()?),
                b't' | b'f' => drop(self.bool()?),
                b'n' => self.word("null")?,
                _ => drop(self.any_number()?),
            }
            // Behind a value: what it ends, and whether another one follows.
            loop {
                let Some(&close) = open.last() else { return Ok(()) };
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        if close == b'}' {
                            self.name()?;
                        }
                        break;
                    }
                    byte if byte == Some(close) => {
                        self.at += 1;
                        open.pop();
                    }
                    _ => return Err(Unreadable),
                }
            }
        }
    }

    /// Passes over the name of a value, and the colon.
    fn name(&mut self) -> Read<()> {
        self.string()?;
        self.expect(b':')
    }

    /// Passes over the bracket or the comma before the next element of a list; false at its end, which it
    /// passes over as well.
    fn next(&mut self, first: &mut bool, close: u8) -> Read<bool> {
        match self.peek().ok_or(Unreadable)? {
            byte if byte == close => {
                self.at += 1;
                return Ok(false);
            }
            b',' if !*first => self.at += 1,
            _ if *first => {}
            _ => return Err(Unreadable),
        }
        *first = false;
        Ok(true)
    }

    fn give_text<V: Visitor<'de>>(&mut self, visitor: V) -> Read<V::Value> {
        match self.string()? {
            Text::Plain(text) => visitor.visit_borrowed_str(text),
            Text::Made(text) => visitor.visit_string(text),
        }
    }

    fn give_number<V: Visitor<'de>>(&mut self, visitor: V) -> Read<V::Value> {
        match self.number()? {
            Number::Positive(number) => visitor.visit_u64(number),
            Number::Negative(number) => visitor.visit_i64(number),
        }
    }
}

/// Has the value of one kind read in one way, whatever exactly it is asked for.
macro_rules! read {
    ($($method:ident)* => $how:ident) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
            self.$how(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Unreadable;

    read! { deserialize_char deserialize_str deserialize_string deserialize_bytes
    deserialize_byte_buf deserialize_identifier => give_text }
    read! { deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
    deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    deserialize_f32 deserialize_f64 => give_number }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.peek().ok_or(Unreadable)? {
            b'"' => self.give_text(visitor),
            b'{' => self.deserialize_map(visitor),
            b'[' => self.deserialize_seq(visitor),
            b't' | b'f' => self.deserialize_bool(visitor),
            b'n' => self.deserialize_unit(visitor),
            _ => self.give_number(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_bool(self.bool()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if self.peek() == Some(b'n') {
            self.word("null")?;
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.peek();
        self.word("null")?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Read<V::Value> {
        if name != RAW {
            return visitor.visit_newtype_struct(self);
        }
        self.peek();
        let start = self.at;
        self.skip()?;
        visitor.visit_borrowed_str(self.since(start)?)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.expect(b'[')?;
        let mut items = Items { reader: self, first: true, over: false };
        let value = visitor.visit_seq(&mut items)?;
        // What was not asked for is not there: a list is as long as it should be.
        if items.over || !items.next()? { Ok(value) } else { Err(Unreadable) }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.expect(b'{')?;
        let mut fields = Fields { reader: self, first: true, over: false };
        let value = visitor.visit_map(&mut fields)?;
        if fields.over || !fields.next()? { Ok(value) } else { Err(Unreadable) }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_map(visitor)
    }

    /// A word: variants with something in them are not on the wire in this form.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        let word = self.string()?;
        let word = match &word {
            Text::Plain(word) => *word,
            Text::Made(word) => word.as_str(),
        };
        let word: StrDeserializer<'_, Unreadable> = word.into_deserializer();
        visitor.visit_enum(word)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.skip()?;
        visitor.visit_unit()
    }
}

/// The elements of an array.
struct Items<'a, 'de> {
    reader: &'a mut Reader<'de>,
    first: bool,
    over: bool,
}

impl Items<'_, '_> {
    fn next(&mut self) -> Read<bool> {
        let more = self.reader.next(&mut self.first, b']')?;
        self.over = !more;
        Ok(more)
    }
}

impl<'de> SeqAccess<'de> for &mut Items<'_, 'de> {
    type Error = Unreadable;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<Option<S::Value>> {
        if self.over || !self.next()? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

/// The fields of an object.
struct Fields<'a, 'de> {
    reader: &'a mut Reader<'de>,
    first: bool,
    over: bool,
}

impl Fields<'_, '_> {
    fn next(&mut self) -> Read<bool> {
        let more = self.reader.next(&mut self.first, b'}')?;
        self.over = !more;
        Ok(more)
    }
}

impl<'de> MapAccess<'de> for &mut Fields<'_, 'de> {
    type Error = Unreadable;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<Option<S::Value>> {
        if self.over || !self.next()? {
            return Ok(None);
        }
        if self.reader.peek() != Some(b'"') {
            return Err(Unreadable);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<S::Value> {
        self.reader.expect(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

#[cfg(test)]
mod tests;
