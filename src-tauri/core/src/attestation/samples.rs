//! Real attestations, for tests.

use serde_json::Value as Json;

use super::pypi::as_bundle;

/// What Python's own index answered about real files: the answer, the file, its digest, and where it was built.
pub(crate) const PEP_740: [(&str, &str, &str, &str); 4] = [
    (
        include_str!("../../tests/fixtures/attestations/pypi-of-github.json"),
        "pypi_attestations-0.0.19.tar.gz",
        "sha256:9bb1add04b1b4e182be6b0b80931593f7a291eb49d69b4fd728a5d4cbcdc4bd3",
        "github.com/trailofbits/pypi-attestations",
    ),
    (
        include_str!("../../tests/fixtures/attestations/pypi-of-gitlab.json"),
        "gitlab_oidc_project-0.0.3.tar.gz",
        "sha256:c1ca9b0d85df1606451098233018534497bf584362e10e4a8c21dfaea92c02a8",
        "gitlab.com/facutuesca/gitlab-oidc-project",
    ),
    (
        include_str!("../../tests/fixtures/attestations/pypi-of-circleci.json"),
        "circleci_sign_publish_example-0.0.1.dev137-py3-none-any.whl",
        "sha256:8cb34da1e27336f11a2c43f3f9c7433bd76f24f470c904724f06ad7f131d9e9f",
        "github.com/circleci-public/sign-and-publish-examples",
    ),
    // An account of the builder vouches for it, and no repository.
    (
        include_str!("../../tests/fixtures/attestations/pypi-of-google.json"),
        "gcb_attestation_test-0.0.0.tar.gz",
        "sha256:461317362419124b6012e855423a9078d6de8aed3e74fa78cc74d669b23dc6cf",
        "",
    ),
];

/// Where the first of these files was built, in the form that GitHub hands out, and that stands beside images.
pub(crate) fn slsa() -> Json {
    let entry = include_str!("../../tests/fixtures/attestations/slsa-of-github.json");
    as_bundle(&serde_json::from_str(entry).expect("the fixture is of its form"))
}
