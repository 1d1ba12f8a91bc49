/// Reads back what a recording wrote.
enum WAVText {
  static func samples(_ file: [UInt8], channels: Int, channel: Int) -> [Int16] {
    stride(from: 44 + channel * 2, to: file.count - 1, by: channels * 2).map {
      Int16(bitPattern: UInt16(file[$0]) | UInt16(file[$0 + 1]) << 8)
    }
  }
}
