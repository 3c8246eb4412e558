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
        } else if path.extension().is_some_and(|e| e == "toml") {
            let text = std::fs::read_to_string(&path).map_err(|e| io::Error::new(e.kind(), format!("{name}: {e}")))?;
            files.push(SpecFile { name, text, of_shop: true });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

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
