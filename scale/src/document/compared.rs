//! What Cloudflare asks for, and what others do.

use super::tables::{dollars, table};
use crate::chart::grouped;
use crate::costs::Costs;
use crate::habits::{COMMUNITY, COMPANY, FAMILY, Habits};
use crate::model::Deployment;
use crate::others::{HOSTED, NOT_FOUND, Published, SERVERS};
use crate::prices::{PAID_PLAN, PRICES, SOURCES};

fn published(rows: &[Published]) -> String {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|one| {
            let (by_year, by_month) = one.dollars;
            let price = if by_year < by_month {
                format!("{} by the year, {} by the month", dollars(by_year), dollars(by_month))
            } else {
                dollars(by_month)
            };
            vec![one.what.to_owned(), price, one.source.to_owned(), one.when.to_owned()]
        })
        .collect();
    table(&["what", "US dollars a month", "as it stands in", "of"], &rows)
}

pub(super) fn others(costs: &Costs) -> String {
    let people = [100.0, 1e3, 1e4, 1e5];
    let rows: Vec<Vec<String>> = people
        .iter()
        .map(|&users| {
            let paid = |habits| dollars(Deployment::new(users, habits, costs).month().paid());
            let dear = users * HOSTED.iter().map(|one| one.dollars.0).fold(f64::MAX, f64::min);
            vec![grouped(users), paid(&FAMILY), paid(&COMMUNITY), paid(&COMPANY), dollars(dear)]
        })
        .collect();
    format!(
        "## Compared\n\n{}\n\
         Hosted chat, for each person:\n\n{}\n\
         They are other products, with support, calls and administration that Tideline has not. Not found in what \
         could be read, and so not here: {NOT_FOUND}.\n\n\
         Servers that one rents and looks after oneself:\n\n{}\n\
         On two cores prosody 0.12 and ejabberd 23.01 bring a group of fifty 16,000 to 20,000 messages a second \
         (measured with the bench's load, archive on disk); {} people of a `community` get {} a second in their \
         busiest hour. So the smallest of these servers has processor enough for all of them, at 8 to 48 dollars, \
         where Cloudflare asks for {}. Not in that price: a second server for when the first one fails, backups, \
         somebody who updates it, files and messages beyond its disk. With two of them, and an hour of somebody's \
         time a month at 50 dollars (assumed), it is 65 to 146 dollars; Tideline costs less than that up to {} \
         people of a `family`, {} of a `community` and {} of a `company`, and nothing while nobody talks.\n",
        table(
            &["people", "family", "community", "company", "the cheapest hosted chat below"],
            &rows
        ),
        published(HOSTED),
        published(SERVERS),
        grouped(MANY),
        grouped(a_second(costs)),
        dollars(Deployment::new(MANY, &COMMUNITY, costs).month().paid()),
        until(&FAMILY, costs),
        until(&COMMUNITY, costs),
        until(&COMPANY, costs),
    )
}

/// As many people as one server may have.
const MANY: f64 = 1e5;

/// Messages that so many people of a community get in a second of the busiest hour.
fn a_second(costs: &Costs) -> f64 {
    let of = Deployment::new(MANY, &COMMUNITY, costs);
    let Habits { messages, direct, busiest_day, busiest_hour, .. } = COMMUNITY;
    let members: f64 = of.sizes.iter().map(|size| size.of_messages * size.members).sum();
    let each = messages * (direct * 2.0 + (1.0 - direct) * members);
    MANY * each * busiest_day * busiest_hour / 3_600.0
}

/// Up to how many people it costs less than two servers and an hour of work, in hundreds.
fn until(habits: &Habits, costs: &Costs) -> String {
    const SERVERS_AND_HOUR: f64 = 146.0;
    let fits = |hundreds: u32| {
        Deployment::new(f64::from(hundreds) * 100.0, habits, costs).month().paid()
            <= SERVERS_AND_HOUR
    };
    let hundreds = (1..10_000).take_while(|&hundreds| fits(hundreds)).count();
    grouped(hundreds as f64 * 100.0)
}

pub(super) fn prices() -> String {
    let rows: Vec<Vec<String>> = PRICES
        .iter()
        .map(|price| {
            let free = match price.free {
                None => "as on the paid plan".to_owned(),
                Some(free) if price.kept => format!("{} in all", grouped(free)),
                Some(free) => format!("{} a day", grouped(free)),
            };
            let unit = if price.unit > 1.0 { "a million" } else { "each, a month" };
            vec![
                price.what.to_owned(),
                format!("${} {unit}", price.price),
                grouped(price.included),
                free,
            ]
        })
        .collect();
    let sources: Vec<String> =
        SOURCES.iter().map(|(what, where_, when)| format!("{what}: {where_} ({when})")).collect();
    format!(
        "## Prices\n\nThe paid plan is {} a month. {}.\n\n{}",
        dollars(PAID_PLAN),
        sources.join("; "),
        table(&["what is billed", "price", "included a month", "free plan"], &rows)
    )
}
