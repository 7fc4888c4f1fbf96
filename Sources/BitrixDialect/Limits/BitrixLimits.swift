import DriveCore
import HTTPEdge

/// How much of the vendor's limits this server plays. All off, as on a portal of one's own (vendor page
/// `settings/performance/limits`).
package struct BitrixLimits: Sendable {
    /// Requests of one source address; a batch is one. The vendor gives ordinary plans two a second and 50 at once, its
    /// largest five and 250. Nil: any number.
    package var rate: LeakyBuckets.Rate?
    /// Seconds that one application or webhook may spend in one method within ten minutes. Nil: any.
    package var operatingSeconds: Double?
    /// Bytes of one request's body; the vendor's cloud takes 2 GB.
    package var bodyBytes: Int64 = ParsingLimits().body

    package init() {}
}

/// The limits at work: what this process has counted so far.
final class LimitKeeper: Sendable {
    let parsing: ParsingLimits
    private let rate: LeakyBuckets?
    private let operating: OperatingLedger?

    init(_ limits: BitrixLimits) {
        var parsing = ParsingLimits()
        parsing.body = limits.bodyBytes
        self.parsing = parsing
        rate = limits.rate.map(LeakyBuckets.init)
        operating = limits.operatingSeconds.map { OperatingLedger(limitSeconds: $0) }
    }

    /// Counts one request of `address`.
    /// - Throws: 503 `QUERY_LIMIT_EXCEEDED` when there were too many.
    func admit(_ address: @autoclosure () -> String, atMs now: Int64) throws(Failure) {
        guard let rate, let wait = rate.admit(address(), atMs: now) else { return }
        throw Failure.system(.queryLimitExceeded).retry(afterSeconds: wait)
    }

    /// Looks before a call whether its credential has time left for the method.
    /// - Throws: 429 `OPERATION_TIME_LIMIT`.
    func checkTime(of credential: Credential, in method: Method, atMs now: Int64) throws(Failure) {
        guard let operating,
            let resetMs = operating.refusal(.init(credential, method: method.name), atMs: now)
        else { return }
        throw Failure.system(.operationTimeLimit).retry(afterSeconds: max(1, (resetMs - now + 999) / 1000))
    }

    /// Charges a call that has ended.
    /// - Returns: what its `time` says; nil while the limit is off.
    func charge(
        _ credential: Credential, for method: Method, seconds: @autoclosure () -> Double, atMs now: Int64
    ) -> OperatingTime? {
        operating?.charge(.init(credential, method: method.name), seconds: seconds(), atMs: now)
    }
}
