import SQLStore

/// The numbered steps of the schema, embedded from `Schema/*.sql`.
package enum Schema {
    package static let migrator = Migrator([
        Migration(number: 1, name: "initial", text: text(PackageResources._001_initial_sql)),
        Migration(number: 2, name: "sign-in", text: text(PackageResources._002_sign_in_sql)),
        Migration(number: 3, name: "task-talk", text: text(PackageResources._003_task_talk_sql)),
        Migration(number: 4, name: "public-links", text: text(PackageResources._004_public_links_sql)),
        Migration(number: 5, name: "search", text: text(PackageResources._005_search_sql)),
        Migration(number: 6, name: "previews", text: text(PackageResources._006_previews_sql)),
        Migration(number: 7, name: "crm", text: text(PackageResources._007_crm_sql)),
        Migration(number: 8, name: "care", text: text(PackageResources._008_care_sql)),
    ])

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
