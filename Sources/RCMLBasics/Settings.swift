/// The settings of spec §16, typed; each default is the one of its clause.
package struct Settings: Sendable {
  package init() {}
}
