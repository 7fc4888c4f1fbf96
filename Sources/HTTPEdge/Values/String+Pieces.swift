extension String {
    /// The pieces one after another, put into memory that is asked for once: addresses are made by the hundred in a list.
    package init(pieces: [String]) {
        let count = pieces.reduce(0) { $0 + $1.utf8.count }
        self.init(unsafeUninitializedCapacity: count) { target in
            var end = 0
            for var piece in pieces {
                piece.withUTF8 { bytes in
                    UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(target)[end...])
                        .copyMemory(from: UnsafeRawBufferPointer(bytes))
                    end += bytes.count
                }
            }
            return end
        }
    }
}
