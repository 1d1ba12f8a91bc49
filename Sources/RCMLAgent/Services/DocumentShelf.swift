import RCMLBasics
import RCMLDocument

/// The documents that were read last. The next call is often given the same one: it is read and checked once, and found
/// to be what it was.
///
/// A shelf belongs to one state of the settings, because documents are read by them.
final class DocumentShelf {
  /// How many stand on it, and how many octets each may have.
  static let places = 8
  static let octets = 8_192

  private struct Copy {
    let octets: [UInt8]
    let contentType: String
    let url: String
    let reading: Reading
  }

  /// The one that was asked for last stands in front.
  private var copies: [Copy] = []

  func read(_ octets: [UInt8], contentType: String, url: String, _ settings: Settings) -> Reading {
    let found = copies.firstIndex {
      $0.octets == octets && $0.url == url && $0.contentType == contentType
    }
    if let found {
      if found > 0 { copies.insert(copies.remove(at: found), at: 0) }
      return copies[0].reading
    }
    let reading = DocumentReader.read(
      octets, contentType: contentType, url: url, settings: settings)
    guard octets.count <= DocumentShelf.octets else { return reading }
    if copies.count == DocumentShelf.places { copies.removeLast() }
    copies.insert(Copy(octets: octets, contentType: contentType, url: url, reading: reading), at: 0)
    return reading
  }
}
