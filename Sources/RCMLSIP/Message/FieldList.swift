/// The header lines of a message, in their order. The first sixteen stand in the list itself, which is more than most
/// messages have: for those nothing is allocated.
public struct FieldList: RandomAccessCollection, Sendable {
  private static let inside = 16

  private var first = InlineArray<16, Field>(repeating: Field(.other, name: 0..<0, value: 0..<0))
  private var rest: [Field] = []
  public private(set) var count = 0

  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  public subscript(place: Int) -> Field {
    place < FieldList.inside ? first[place] : rest[place - FieldList.inside]
  }

  /// The first of that name.
  func first(_ name: FieldName) -> Field? {
    for place in 0..<Swift.min(count, FieldList.inside) where first[place].name == name {
      return first[place]
    }
    return rest.first { $0.name == name }
  }

  mutating func append(_ field: Field) {
    if count < FieldList.inside { first[count] = field } else { rest.append(field) }
    count += 1
  }
}
