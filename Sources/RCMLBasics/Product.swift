/// What this library is called on the wire (spec U-66) and in journals.
public enum Product {
  public static let version: StaticString = "0.1.0"
  /// User-Agent and Server, unless the setting `product` names something else.
  public static var token: String { "librcml/\(version)" }
}
