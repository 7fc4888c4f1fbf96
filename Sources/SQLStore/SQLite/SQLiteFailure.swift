import GRDB

extension SQLError {
    init(_ error: any Error) {
        if let error = error as? SQLError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .failed(message: "\(error)")
            return
        }
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY: self = .unique
        default:
            switch error.resultCode {
            case .SQLITE_CONSTRAINT: self = .constraint
            case .SQLITE_FULL: self = .full
            case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_CANTOPEN, .SQLITE_MISUSE: self = .unavailable("\(error)")
            default: self = .failed(message: "\(error)")
            }
        }
    }
}
