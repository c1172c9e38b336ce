//! `keys inspect --batch`.

use super::keys::{KeyForm, usable};
use super::request::Request;
use super::{Task, refusal};
use crate::failure::Failure;
use crate::key_form::members_of_set as members_of_set_text;
use crate::key_view::KeyView;
use crate::output::line;
use waxseal::NumericDate;

/// Describes a key per line.
pub(crate) struct InspectTask;

impl Task for InspectTask {
    fn answer(&mut self, request: &Request<'_>, _: &dyn Fn() -> NumericDate) -> Result<String, Failure> {
        match KeyForm::read(request.key()?)? {
            KeyForm::Secret(octets) => members(&KeyView::of_secret(&octets)?),
            KeyForm::Pem(text) => members(&KeyView::of_octets(text.as_bytes(), None)?),
            KeyForm::Jwk(json) => members(&KeyView::of_jwk(json)?),
            KeyForm::Set(list) => members_of_set(described(list.iter().map(|member| member.get()))?),
        }
    }
}

type Described = Vec<Result<KeyView, Failure>>;

/// The keys of a JWK Set. If none of them is usable, that is an error with all the reasons.
pub(crate) fn described_set(set: &str) -> Result<Described, Failure> {
    described(members_of_set_text(set)?.into_iter())
}

fn described<'l>(list: impl Iterator<Item = &'l str>) -> Result<Described, Failure> {
    let views: Vec<_> = list.map(KeyView::of_jwk).collect();
    usable(views.iter().map(|view| view.as_ref().map(|_| vec![()]).map_err(Clone::clone)))?;
    Ok(views)
}

/// The member `keys` with a comma in front.
pub(crate) fn members_of_set(views: Described) -> Result<String, Failure> {
    let list: Result<Vec<_>, _> = views.into_iter().map(member_of_set).collect();
    Ok(format!(",\"keys\":[{}]", list?.join(",")))
}

/// A description as members with a comma in front of each.
pub(crate) fn members(view: &KeyView) -> Result<String, Failure> {
    let object = line(view)?;
    let inside = object.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default();
    Ok(format!(",{inside}"))
}

fn member_of_set(view: Result<KeyView, Failure>) -> Result<String, Failure> {
    Ok(match view {
        Ok(view) => format!("{{\"ok\":true{}}}", members(&view)?),
        Err(failure) => format!("{{\"ok\":false{}}}", refusal(&failure)),
    })
}
