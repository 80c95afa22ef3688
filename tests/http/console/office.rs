//! The office's pages: report, trail, mandates, keys, permit systems, permit types.

use absah::domain::accounts::Role;
use absah::domain::event::Actor;
use absah::services::administration::NewPerson;

use super::desk::{at_desk, id_of_path, read};
use super::visitor::{Visitor, between};
use crate::office::{Office, body};

async fn administrator(office: &Office) -> Visitor<'_> {
    let new = NewPerson {
        name: "Sri Administrator".to_owned(),
        office: "Pranata Komputer".to_owned(),
        rank: None,
        nip: None,
        roles: vec![Role::Administrator],
    };
    let add = office.app.administration.add_person(Actor::Operator, new);
    add.await.unwrap();
    at_desk(office, "Sri Administrator").await
}

async fn id_of(office: &Office, name: &str) -> String {
    let person = office.app.administration.find_person(name).await;
    person.unwrap().id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_offices_pages_are_for_who_oversees() {
    let office = Office::open().await;
    let admin = administrator(&office).await;
    let reviewer = at_desk(&office, "Rini Contohwati, S.H.").await;
    for path in [
        "/console/report",
        "/console/audit",
        "/console/keys",
        "/console/types",
        "/console/types/new",
        "/console/types/SIPB",
        "/console/types/SIPB/place",
        "/console/clients",
    ] {
        read(&admin, path).await;
        assert!(
            read(&admin, &format!("{path}?lang=en"))
                .await
                .contains("lang=\"en\"")
        );
        assert_eq!(reviewer.page(path).await.status().as_u16(), 403, "{path}");
    }
    assert!(
        !read(&reviewer, "/console/mandates")
            .await
            .contains("name=\"decree\"")
    );
    assert_eq!(
        reviewer.page("/console/audit.csv").await.status().as_u16(),
        403
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn mandates_are_recorded_by_day_and_ended() {
    let office = Office::open().await;
    let admin = administrator(&office).await;
    let (head, other) = (
        id_of(&office, "Ahmad Teladan, M.Si.").await,
        id_of(&office, "Rini Contohwati, S.H.").await,
    );
    let today = office.app.running().parts().services.today();
    let form = |holder: &str| {
        format!("kind=plh&decree=800%2F1&grantor={head}&holder={holder}&from={today}&until={today}")
    };
    let refused = admin.form("/console/mandates", &form(&other)).await;
    assert_eq!(
        refused.status().as_u16(),
        400,
        "a reviewer holds no mandate"
    );
    let new = NewPerson {
        name: "Drs. Wakil".to_owned(),
        office: "Sekretaris".to_owned(),
        rank: None,
        nip: None,
        roles: vec![Role::Signatory],
    };
    let deputy = office.app.administration.add_person(Actor::Operator, new);
    let deputy = deputy.await.unwrap().0;
    let recorded = admin
        .form("/console/mandates", &form(&deputy.id.to_string()))
        .await;
    let page = recorded.text().await.unwrap();
    assert!(page.contains("Plh. Drs. Wakil untuk Ahmad Teladan"));
    assert!(
        page.contains("tanpa kunci"),
        "who cannot sign for want of a key is marked"
    );
    let end = between(&page, "action=\"/console/mandates/", "\"").to_owned();
    let ended = admin.form(&format!("/console/mandates/{end}"), "").await;
    assert!(ended.text().await.unwrap().contains("Diakhiri"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_suspended_after_it_is_said_what_that_means() {
    let office = Office::open().await;
    office.ready("503/1").await;
    let admin = administrator(&office).await;
    let head = id_of(&office, "Ahmad Teladan, M.Si.").await;
    let path = format!("/console/keys/{head}");
    let page = read(&admin, &path).await;
    assert!(page.contains("dokumen menunggu tanda tangannya") && page.contains("503/1"));
    let silent = admin.form(&path, "act=suspend&reason=").await;
    assert!(silent.text().await.unwrap().contains("alasan-salah"));
    let held = admin.form(&path, "act=suspend&reason=ponsel+hilang").await;
    assert!(held.text().await.unwrap().contains("Ditangguhkan sejak"));
    assert!(
        read(&admin, "/console/keys")
            .await
            .contains("Ditangguhkan sejak")
    );
    let freed = admin.form(&path, "act=release&reason=ketemu").await;
    assert!(freed.text().await.unwrap().contains("Dapat menandatangani"));
    let trail = read(&admin, "/console/audit?act=key.&text=ponsel").await;
    assert!(trail.contains("key.suspended") && trail.contains("Sri Administrator"));
    let table = admin.page("/console/audit.csv?act=key.").await;
    let table = table.text().await.unwrap();
    assert!(table.starts_with("leaf,at,act,") && table.contains("\"key.resumed\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permit_systems_key_is_shown_once_and_works() {
    let office = Office::open().await;
    let admin = administrator(&office).await;
    let shown = admin
        .form("/console/clients", "name=SITETEH&type=SIPB")
        .await;
    let key = between(&shown.text().await.unwrap(), "class=\"code key\">", "<").to_owned();
    assert_eq!(
        office
            .get("/api/v1/documents", &key)
            .await
            .status()
            .as_u16(),
        200
    );
    let page = read(&admin, "/console/clients").await;
    assert!(page.contains("SITETEH") && !page.contains(&key));
    let client = office
        .app
        .administration
        .find_client("SITETEH")
        .await
        .unwrap();
    let path = format!("/console/clients/{}", client.id);
    let other = admin.form(&path, "act=key").await;
    let other = between(&other.text().await.unwrap(), "class=\"code key\">", "<").to_owned();
    assert_eq!(
        office
            .get("/api/v1/documents", &key)
            .await
            .status()
            .as_u16(),
        401
    );
    assert_eq!(
        office
            .get("/api/v1/documents", &other)
            .await
            .status()
            .as_u16(),
        200
    );
    admin.form(&path, "act=off").await;
    assert_eq!(
        office
            .get("/api/v1/documents", &other)
            .await
            .status()
            .as_u16(),
        401
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permit_type_is_laid_down_by_form_and_by_click() {
    let office = Office::open().await;
    office.submit("503/1").await;
    let admin = administrator(&office).await;
    let (head, reviewer) = (
        id_of(&office, "Ahmad Teladan, M.Si.").await,
        id_of(&office, "Rini Contohwati, S.H.").await,
    );
    let form = format!(
        "code=SIPA&name=Surat+Izin+Praktik+Apoteker&class=days&days=3&gates=skm,+pajak&active=yes\
         &tier0=Kepala+Seksi&tier0-person={reviewer}&slot0=Kepala+Dinas&slot0-person={head}\
         &slot0-how=rect&slot0-page=1&slot0-x=300&slot0-y=80&slot0-w=200&slot0-h=100"
    );
    let saved = admin.form("/console/types/save", &form).await;
    assert!(
        saved
            .text()
            .await
            .unwrap()
            .contains("Surat Izin Praktik Apoteker")
    );
    let code = "SIPA".parse().unwrap();
    let saved = office.app.administration.permit_type(&code).await.unwrap();
    assert_eq!(
        (saved.tiers.len(), saved.gates.len(), saved.signatures.len()),
        (1, 2, 1)
    );
    assert_eq!(saved.signatures[0].field, "Signature1");
    let page = read(&admin, "/console/types/SIPA").await;
    assert!(page.contains("value=\"300\"") && page.contains("skm, pajak"));
    let nobody = form.replace(&format!("&slot0-person={head}"), "");
    let refused = admin.form("/console/types/save", &nobody).await;
    assert_eq!(refused.status().as_u16(), 400);

    let place = read(&admin, "/console/types/SIPB/place?slot=0").await;
    assert!(place.contains("type=\"image\""));
    let clicked = "/console/types/SIPB/place?slot=0&page=1&at.x=160&at.y=200";
    let answered = admin.page(clicked).await;
    let query = answered.url().query().unwrap().to_owned();
    assert!(query.starts_with("slot=0&page=1&x=") && query.contains("&w=200&h=100"));
    assert!(answered.text().await.unwrap().contains("name=\"slot0-x\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_days_report_names_every_signature() {
    let office = Office::open().await;
    let id = id_of_path(&office.issue("503/1").await.0);
    let head = at_desk(&office, "Ahmad Teladan, M.Si.").await;
    let report = read(&head, "/console/report").await;
    let document = body(
        office
            .get(&format!("/api/v1/documents/{id}"), &office.client)
            .await,
    )
    .await;
    assert!(report.contains("503/1") && report.contains("diterbitkan"));
    assert_eq!(document["state"], "issued");
    let empty = read(&head, "/console/report?day=2020-01-01").await;
    assert!(empty.contains("Tidak ada yang ditandatangani"));
    assert_eq!(
        head.page("/console/report?day=x").await.status().as_u16(),
        400
    );
}
