import Crypto
import DriveCore
import Foundation
import HTTPEdge
import Hummingbird

/// `GET /api/v4/account`: what clients ask first, `drive_url` above all.
enum AccountRoute {
    static let all: [Route] = [.account(.get, "/api/v4/account", get)]

    @Sendable private static func get(_ call: Call) async throws -> Answer {
        let with = WithList(try call.visit.query()["with"])
        let account = call.drive.account
        var members: [Value.Member] = [
            .init("id", .int(account.id)), .init("name", .string(account.name)),
            .init("subdomain", .string(account.subdomain)),
            .init("created_at", .int(account.createdMs / 1000)), .init("created_by", 0),
            .init("updated_at", .int(account.createdMs / 1000)), .init("updated_by", 0),
            .init("current_user_id", .int(call.caller.person.rawValue)),
            .init("country", "RU"), .init("currency", "RUB"), .init("currency_symbol", "₽"),
            .init("customers_mode", "segments"), .init("is_unsorted_on", false),
            .init("is_loss_reason_enabled", false), .init("is_helpbot_enabled", false),
            .init("is_technical_account", false), .init("mobile_feature_version", 0),
            .init("contact_name_display_order", 1), .init("language", "ru"),
        ]
        let own: [(String, Value)] = [
            ("amojo_id", .string(Self.uuid("amojo", of: account))), ("uuid", .string(account.uuid)), ("version", 11),
            ("entity_names", EntityNames.value), ("drive_url", .string(call.request.origin)),
            ("is_api_filter_enabled", true), ("invoices_settings", ["lang": "ru", "currency": "RUB"]),
        ]
        for (name, value) in own where with.contains(name) { members.append(.init(name, value)) }
        members.append(.init("_links", ["self": ["href": .string(call.links.api("account"))]]))
        var embedded: [Value.Member] = []
        let inside: [(String, () throws -> Value)] = [
            ("amojo_rights", { ["can_direct": true, "can_create_groups": true] }),
            (
                "users_groups",
                { [["id": 0, "name": "Отдел продаж", "uuid": .string(Self.uuid("users group 0", of: account))]] }
            ),
            ("task_types", { Self.taskTypes }),
            ("datetime_settings", { try Self.dateTimeSettings(call) }),
        ]
        for (name, value) in inside where with.contains(name) { embedded.append(.init(name, try value())) }
        members.append(.init("_embedded", .object(embedded)))
        return .value(.object(members))
    }

    private static let taskTypes: Value = [
        ["id": 1, "name": "Связаться", "color": nil, "icon_id": nil, "code": "FOLLOW_UP"],
        ["id": 2, "name": "Встреча", "color": nil, "icon_id": nil, "code": "MEETING"],
    ]

    private static func dateTimeSettings(_ call: Call) throws -> Value {
        let zone = try call.zone()
        let seconds = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(call.drive.now()) / 1000))
        let minutes = abs(seconds) / 60
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let offset = "\(seconds < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
        return [
            "date_pattern": "d.m.Y H:i", "short_date_pattern": "d.m.Y", "short_time_pattern": "H:i",
            "date_format": "d.m.Y", "time_format": "H:i:s", "timezone": .string(call.drive.account.timeZone),
            "timezone_offset": .string(offset),
        ]
    }

    /// A UUID (version 8: made by our own rule) that is constant for the account and the purpose.
    private static func uuid(_ purpose: String, of account: Account) -> String {
        var bytes = Array(SHA256.hash(data: Array("\(account.uuid) \(purpose)".utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        return [hex[0..<4], hex[4..<6], hex[6..<8], hex[8..<10], hex[10..<16]].map { $0.joined() }
            .joined(separator: "-")
    }
}

/// The names of entity types with their cases, as clients show them.
private enum EntityNames {
    static let value: Value = [
        "leads": [
            "ru": russian(
                "f", ["сделка", "сделки", "сделке", "сделку", "сделкой", "сделке"],
                [
                    "сделки", "сделок", "сделкам", "сделки", "сделками", "сделках",
                ]), "en": english("lead", "leads"),
        ],
        "contacts": [
            "ru": russian(
                "m", ["контакт", "контакта", "контакту", "контакт", "контактом", "контакте"],
                [
                    "контакты", "контактов", "контактам", "контакты", "контактами", "контактах",
                ]), "en": english("contact", "contacts"),
        ],
        "companies": [
            "ru": russian(
                "f", ["компания", "компании", "компании", "компанию", "компанией", "компании"],
                [
                    "компании", "компаний", "компаниям", "компании", "компаниями", "компаниях",
                ]), "en": english("company", "companies"),
        ],
        "customers": [
            "ru": russian(
                "m",
                [
                    "покупатель", "покупателя", "покупателю", "покупателя", "покупателем", "покупателе",
                ], ["покупатели", "покупателей", "покупателям", "покупателей", "покупателями", "покупателях"]),
            "en": english("customer", "customers"),
        ],
    ]

    private static let cases = ["default", "genitive", "dative", "accusative", "instrumental", "prepositional"]

    private static func russian(_ gender: String, _ singular: [String], _ plural: [String]) -> Value {
        func forms(_ words: [String]) -> Value {
            .object(zip(cases, words).map { Value.Member($0, .string($1)) })
        }
        return ["gender": .string(gender), "singular_form": forms(singular), "plural_form": forms(plural)]
    }

    private static func english(_ singular: String, _ plural: String) -> Value {
        ["singular_form": ["default": .string(singular)], "plural_form": ["default": .string(plural)]]
    }
}
