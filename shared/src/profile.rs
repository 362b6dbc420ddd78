//! What a person says about themselves.

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::reject::{Code, Reject};
use crate::{FileId, Timestamp, UserId};

/// A person as others see them in a list, a member row or a result of `find`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who it is.
    pub user: UserId,
    /// The handle; guests have none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// The name to show; empty for [`Person::nobody`].
    pub display_name: String,
    /// Their picture, at `/api/avatars/<id>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<FileId>,
}

impl Person {
    /// Somebody whose account was deleted: an id without any name.
    #[must_use]
    pub fn nobody(user: UserId) -> Self {
        Self { user, user_name: None, display_name: String::new(), avatar: None }
    }
}

/// Implements `Deserialize` for a record in whose object a person's fields stand among its own:
/// without `flatten`, which keeps all of a map in memory and costs a browser code.
macro_rules! read_with_person {
    ($name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty),* $(,)? }) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                #[derive(serde::Deserialize)]
                struct Row {
                    user: $crate::UserId,
                    #[serde(default)]
                    user_name: Option<String>,
                    display_name: String,
                    #[serde(default)]
                    avatar: Option<$crate::FileId>,
                    $($(#[$attribute])* $field: $type,)*
                }
                let Row { user, user_name, display_name, avatar, $($field),* } =
                    Row::deserialize(from)?;
                let person = $crate::Person { user, user_name, display_name, avatar };
                Ok(Self { person, $($field),* })
            }
        }
    };
}
pub(crate) use read_with_person;

/// Everything a person says about themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// Name and handle.
    #[serde(flatten)]
    pub person: Person,
    /// Years, where stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<Age>,
    /// Unstated by default.
    #[serde(default)]
    pub gender: Gender,
    /// A line of their own; may be empty.
    #[serde(default)]
    pub signature: String,
    /// When the account was made.
    pub created_at: Timestamp,
}

read_with_person!(Profile {
    #[serde(default)]
    age: Option<Age>,
    #[serde(default)]
    gender: Gender,
    #[serde(default)]
    signature: String,
    created_at: Timestamp,
});

/// An age in years, within [`limits::AGE_YEARS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Age(u8);

impl Age {
    /// Reads an age.
    ///
    /// # Errors
    /// `age_out_of_range`.
    pub fn parse(years: i64) -> Result<Self, Reject> {
        u8::try_from(years)
            .ok()
            .filter(|years| limits::AGE_YEARS.contains(years))
            .map(Self)
            .ok_or_else(|| Reject::new(Code::AgeOutOfRange))
    }

    /// Whole years.
    #[must_use]
    pub fn years(self) -> u8 {
        self.0
    }
}

/// What somebody says their gender is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Neither of these.
    Other,
    /// Nothing is said; also what an older program makes of a value it does not know.
    #[default]
    #[serde(other)]
    Unstated,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_those_of_people() {
        for good in [1, 42, 150] {
            assert_eq!(Age::parse(good).expect("valid").years(), good as u8);
        }
        for bad in [-1, 0, 151, 300, i64::MAX] {
            assert_eq!(Age::parse(bad).expect_err("must be refused").code, Code::AgeOutOfRange);
        }
    }

    #[test]
    fn a_gender_from_the_future_reads_as_unstated() {
        assert_eq!(serde_json::from_str::<Gender>("\"new\"").expect("reads"), Gender::Unstated);
    }
}
