import HTTPEdge

/// The members every successful answer has around its `result`.
enum Envelope {
    static func success(_ answer: Answer, startedMs: Int64, finishedMs: Int64, dates: WireDates) -> Value {
        var members: [Value.Member] = [.init("result", answer.result)]
        if let total = answer.total { members.append(.init("total", .int(total))) }
        if let next = answer.next { members.append(.init("next", .int(next))) }
        members.append(
            .init("time", time(startedMs: startedMs, finishedMs: finishedMs, operating: answer.operating, dates: dates))
        )
        return .object(members)
    }

    static func failure(_ failure: Failure) -> Value {
        var members: [Value.Member] = [
            .init("error", .string(failure.code)), .init("error_description", .string(failure.text)),
        ]
        if let argument = failure.argument { members.append(.init("argument", .string(argument))) }
        return .object(members)
    }

    /// `start` is a whole second and `finish` is not, as in the newer samples; `duration` is what lies between.
    /// - Parameter operating: nil: nothing is counted, which reads as no time at all.
    static func time(startedMs: Int64, finishedMs: Int64, operating: OperatingTime?, dates: WireDates) -> Value {
        let start = startedMs / 1000
        let finishedMs = max(startedMs, finishedMs)
        return .writtenObject { json in
            json.member("start", start)
            json.member("finish", .double(Double(finishedMs) / 1000))
            json.member("duration", .double(Double(finishedMs - start * 1000) / 1000))
            json.member("processing", .int(0))
            json.member("date_start", date: startedMs, dates)
            json.member("date_finish", date: finishedMs, dates)
            json.member("operating_reset_at", operating.map { $0.resetMs / 1000 } ?? start + 600)
            json.member("operating", .double(operating?.seconds ?? 0))
        }
    }
}
