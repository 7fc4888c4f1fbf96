import AmoDialect
import BitrixDialect
import Console
import DriveCore

/// Where the pages of consent meet the dialects, which know nothing of each other.
extension AuthorizationDoor {
    static func bitrix24(of account: Account) -> AuthorizationDoor {
        AuthorizationDoor(
            path: BitrixConsent.path, terms: BitrixConsent.terms, words: BitrixConsent.words,
            granted: { code, scopes, ask in
                BitrixConsent.redirect(
                    code: code, to: ask.application, scopes: scopes, state: ask.state, account: account,
                    origin: ask.origin)
            })
    }

    static let amocrm = AuthorizationDoor(
        path: AmoConsent.path, terms: AmoConsent.terms, words: AmoConsent.words,
        granted: { code, _, ask in
            AmoConsent.redirect(code: code, to: ask.application, state: ask.state, origin: ask.origin)
        },
        refused: { ask in AmoConsent.refusal(to: ask.application, state: ask.state) })
}
