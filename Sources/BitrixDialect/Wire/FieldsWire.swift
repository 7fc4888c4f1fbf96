import HTTPEdge

/// What `getFields` answers: the members of an object, in order, and which of them a list filters by.
enum FieldsWire {
    struct Field: Sendable {
        let name: String
        let type: String
        var filters = true
    }

    static func value(_ fields: [Field]) -> Value {
        .object(
            fields.map { field in
                Value.Member(
                    field.name,
                    .object([
                        .init("TYPE", .string(field.type)), .init("USE_IN_FILTER", .bool(field.filters)),
                        .init("USE_IN_SHOW", true),
                    ]))
            })
    }

    static let storage = [
        Field(name: "ID", type: "integer"), Field(name: "NAME", type: "string"), Field(name: "CODE", type: "string"),
        Field(name: "MODULE_ID", type: "string", filters: false), Field(name: "ENTITY_TYPE", type: "string"),
        Field(name: "ENTITY_ID", type: "string"), Field(name: "ROOT_OBJECT_ID", type: "integer", filters: false),
    ]

    static let folder = [
        Field(name: "ID", type: "integer"), Field(name: "NAME", type: "string"), Field(name: "TYPE", type: "enum"),
        Field(name: "CODE", type: "string"), Field(name: "STORAGE_ID", type: "integer"),
        Field(name: "REAL_OBJECT_ID", type: "integer", filters: false), Field(name: "PARENT_ID", type: "integer"),
        Field(name: "CREATE_TIME", type: "datetime"), Field(name: "UPDATE_TIME", type: "datetime"),
        Field(name: "DELETE_TIME", type: "datetime"), Field(name: "CREATED_BY", type: "integer", filters: false),
        Field(name: "UPDATED_BY", type: "integer", filters: false),
        Field(name: "DELETED_BY", type: "integer", filters: false), Field(name: "DELETED_TYPE", type: "enum"),
    ]

    static let file = [
        Field(name: "ID", type: "integer"), Field(name: "NAME", type: "string"), Field(name: "TYPE", type: "enum"),
        Field(name: "CODE", type: "string"), Field(name: "STORAGE_ID", type: "integer"),
        Field(name: "PARENT_ID", type: "integer"), Field(name: "CREATE_TIME", type: "datetime"),
        Field(name: "UPDATE_TIME", type: "datetime"), Field(name: "DELETE_TIME", type: "datetime"),
        Field(name: "CREATED_BY", type: "integer", filters: false),
        Field(name: "UPDATED_BY", type: "integer", filters: false),
        Field(name: "DELETED_BY", type: "integer", filters: false),
        Field(name: "GLOBAL_CONTENT_VERSION", type: "integer", filters: false),
        Field(name: "FILE_ID", type: "integer", filters: false), Field(name: "SIZE", type: "integer", filters: false),
        Field(name: "DELETED_TYPE", type: "enum"),
    ]
}
