/// `sip:{number}@gateway.example;user=phone`: how what is no SIP URI is dialled (spec D-30).
public struct DialTemplate: Sendable {
  /// `{number}` or `{client}`.
  public let placeholder: String
  public let example: String

  public static let number = DialTemplate(
    placeholder: "{number}", example: "sip:{number}@gateway.example;user=phone")
  public static let client = DialTemplate(
    placeholder: "{client}", example: "sip:{client}@pbx.example")

  /// The URI, with its header part, in which a user part stands for the placeholder.
  public func filled(_ template: String, with user: String) -> String {
    guard let place = DialTemplate.places(of: placeholder, in: template).first else {
      return template
    }
    return String(template[..<place.lowerBound]) + user + String(template[place.upperBound...])
  }

  /// What is wrong with a template, in half a sentence; nil = it can be dialled with, or there is none.
  public func problem(of template: String) -> String? {
    guard !template.isEmpty else { return nil }
    let count = DialTemplate.places(of: placeholder, in: template).count
    guard count > 0 else { return "\(placeholder) is missing in it" }
    guard count == 1 else { return "\(placeholder) may stand in it only once" }
    let mark = "7007"
    let filled = filled(template, with: mark)
    let address = String(filled.prefix { $0 != "?" })
    guard address.utf8.count <= 200 else { return "it is too long" }
    guard let uri = SipURIText.read(address), !uri.host.isEmpty else {
      return "this is no SIP URI that can be dialled"
    }
    let user = uri.user.split(separator: ":", omittingEmptySubsequences: false)
    guard user.count < 2 else { return "a password does not belong into it" }
    guard DialTemplate.places(of: mark, in: uri.user).count == 1 else {
      return "\(placeholder) has to stand before the @"
    }
    guard uri.canBeSent else {
      return
        "only transport=udp, transport=tcp and transport=tls can be dialled, and sips: over tls"
    }
    return nil
  }

  private static func places(of word: String, in text: String) -> [Range<String.Index>] {
    let (wanted, octets) = (word.utf8, text.utf8)
    var places: [Range<String.Index>] = []
    var start = octets.startIndex
    while start < octets.endIndex {
      guard octets[start...].starts(with: wanted),
        let end = octets.index(start, offsetBy: wanted.count, limitedBy: octets.endIndex)
      else {
        start = octets.index(after: start)
        continue
      }
      places.append(start..<end)
      start = end
    }
    return places
  }
}
