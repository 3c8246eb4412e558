//! A shop's own specs: every TOML file below `SHOP/report_specs`.

use std::io;
use std::path::Path;

use super::{SpecFile, SpecFiles};

/// The built-in specs and those of the shop's folder. A shop without `report_specs/` has the built-in ones only.
pub fn load(shop: &Path) -> io::Result<SpecFiles> {
    let mut of_shop = Vec::new();
    let folder = shop.join("report_specs");
    if folder.is_dir() {
        collect(&folder, "report_specs", &mut of_shop)?;
    }
    Ok(SpecFiles::new(of_shop))
}

/// Hidden files and folders are left out: editors and version control keep copies there.
fn collect(folder: &Path, name: &str, files: &mut Vec<SpecFile>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(own) = path.file_name().map(|n| n.to_string_lossy().into_owned()) else { continue };
        if own.starts_with('.') {
            continue;
        }
        let name = format!("{name}/{own}");
        if path.is_dir() {
            collect(&path, &name, files)?;
        } else if own.to_lowercase().contains(".toml") {
            let text = std::fs::read_to_string(&path).map_err(|e| io::Error::new(e.kind(), format!("{name}: {e}")))?;
            if let Some(right) = right_place(&name, &text) {
                return Err(io::Error::new(io::ErrorKind::InvalidData, format!("nothing reads {name}: {right}")));
            }
            files.push(SpecFile { name, text, of_shop: true });
        }
    }
    Ok(())
}

/// Folders and files that are read, each with the word of a spec that belongs there.
const PLACES: [(&str, &str); 9] = [
    ("sources/", "[recognise]"),
    ("tables/", "[[table]]"),
    ("figures/", "[[figure]]"),
    ("rules/", "[left]"),
    ("reports/", "[[sheet]]"),
    ("settings", "[[setting]]"),
    ("words", "[[list]]"),
    ("workbooks", "[[workbook]]"),
    ("codes", "[[code]]"),
];

/// Where a spec should lie that lies where nobody reads it; none where it is read.
fn right_place(name: &str, text: &str) -> Option<String> {
    let own = name.strip_prefix("report_specs/").unwrap_or(name);
    if !name.ends_with(".toml") {
        return Some("its name must end with .toml".to_owned());
    }
    if PLACES.iter().any(|(place, _)| own.starts_with(place)) {
        return None;
    }
    let fitting = PLACES.iter().find(|(_, word)| text.lines().any(|line| line.trim_start().starts_with(word)));
    let shown = |place: &str| match place.ends_with('/') {
        true => format!("report_specs/{place}"),
        false => format!("report_specs/{place}.toml"),
    };
    Some(match fitting {
        Some((place, _)) => format!("it belongs into {}", shown(place)),
        None => format!("specs lie in {}", PLACES.map(|(place, _)| shown(place)).join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spec_that_nobody_reads_is_refused_with_its_right_place() {
        let shop = tempfile::tempdir().unwrap();
        let refused = |name: &str, text: &str| {
            let path = shop.path().join("report_specs").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
            let error = load(shop.path()).unwrap_err().to_string();
            std::fs::remove_file(path).unwrap();
            error
        };
        assert!(refused("loan_cars.toml", "[[table]]\nid = \"x\"\n").contains("into report_specs/tables/"));
        assert!(refused("source/keys.toml", "id = \"x\"\n[recognise]\n").contains("into report_specs/sources/"));
        assert!(refused("daily/keys.toml", "period = \"daily\"\n[[sheet]]\n").contains("into report_specs/reports/"));
        assert!(refused("sources/keys.toml.txt", "").contains("must end with .toml"));
        assert!(refused("keys.toml", "").contains("report_specs/sources/"));
    }

    #[test]
    fn a_shop_adds_to_the_built_in_specs() {
        let shop = tempfile::tempdir().unwrap();
        let count = load(shop.path()).unwrap().all().len();
        let folder = shop.path().join("report_specs/sources");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("keys.toml"), "id = \"keys\"\n").unwrap();
        std::fs::write(folder.join(".keys.toml"), "").unwrap();
        std::fs::write(folder.join("README.md"), "").unwrap();
        let files = load(shop.path()).unwrap();
        assert_eq!(files.all().len(), count + 1);
        let own = files.all().last().unwrap();
        assert!(own.of_shop && own.name == "report_specs/sources/keys.toml");
    }
}
