/// Everything a drive operation can refuse. No status codes, no wire strings: each dialect owns those.
package enum DriveError: Error, Equatable {
    /// Nothing there, or the caller may not know that something is. The payload is what was asked for.
    case notFound(Subject)
    /// The caller may know the thing but lacks the level.
    case denied(Subject)
    /// A living sibling already has the same folded name.
    case nameTaken(Node.Kind)
    case invalidName(FileName.Problem)
    /// The operation cannot be done to a root folder.
    case isRootFolder
    /// A folder cannot be moved or copied into itself or into what it holds.
    case intoItself
    /// The thing is in the trash and the operation needs it alive.
    case trashed(Subject)
    /// The account's storage limit or the disk is reached.
    case noSpace
    /// The declared size is above the largest allowed one.
    case tooLarge(limit: Int64)
    /// A list of rights names an unknown level or subject.
    case invalidRights
    /// A listing compares a field with a value of the wrong kind, or orders by one that cannot be ordered.
    case invalidListing(field: String)
    /// The version belongs to another file.
    case versionOfAnotherFile
    case upload(UploadProblem)
    /// A one-time ticket was used before.
    case ticketUsed
    /// The login, client id or other unique name is taken.
    case taken(String)
    /// A person, application or credential has a value that cannot be.
    case invalidValue(String)
    case credential(CredentialProblem)
    case token(TokenProblem)
    case chat(ChatProblem)
    case task(TaskProblem)
    /// One item of a list that is written all or nothing; `index` counts from 0. Nothing was changed.
    case item(index: Int, ItemProblem)

    /// What an error speaks of.
    package enum Subject: Equatable, Sendable {
        case storage(Storage.ID)
        case node(Node.ID)
        case file(uuid: String)
        case version(Version.ID)
        case versionUUID(String)
        case attachment(Attachment.ID)
        case person(Person.ID)
        case application
        case chat
        case task(TaskItem.ID)
        case comment(TaskComment.ID)
        case checklistItem(ChecklistItem.ID)
        case entity
        case upload
    }

    /// Why a part of an upload was refused. The upload itself is unchanged.
    package enum UploadProblem: Equatable, Sendable {
        /// No such upload, or it expired.
        case gone
        case emptyPart
        case partTooLong(limit: Int64)
        /// The part would make the file longer than declared.
        case exceedsDeclaredSize
        /// This part was received before with other bytes.
        case differs
        /// The part's number is ahead of the upload.
        case outOfOrder
    }

    /// Why a chat's membership was not changed or a message was not sent.
    package enum ChatProblem: Equatable, Sendable {
        /// Who takes part in it follows from something else: a private dialog, a group's or a task's chat.
        case fixedMembers
        /// Only the chat's owner may exclude others.
        case notOwner
        /// That person is not in the chat.
        case notAMember
        /// The message answered is in another chat.
        case replyElsewhere
        /// There is no such message to answer, or the caller may not see it.
        case replyToNothing
        /// There is no such message, or it is not the caller's to change.
        case notYourMessage
    }

    /// Why a task, or a comment or checklist item of one, was refused as given. Nothing was changed.
    package enum TaskProblem: Equatable, Sendable {
        case noTitle
        case noResponsible
        case unknownResponsible
        /// The creator, an accomplice or an auditor is nobody here.
        case unknownPerson
        case unknownParent
        case parentIsItself
        /// The parent lies below the task.
        case parentIsBelow
        case endsBeforeStart
        case tooLong
        /// Not a file the caller may read, or not an attachment of this task, comment or checklist item.
        case unreadableFile
        /// A comment says nothing.
        case noText
        /// The comment has an open result already.
        case resultExists
    }

    package enum CredentialProblem: Equatable, Sendable {
        case unknown
        case expired
        case revoked
        /// The person it acts for is not active.
        case personInactive
        /// The application is not for that person.
        case noAccess
    }

    /// Why an application got no code or no tokens.
    package enum TokenProblem: Equatable, Sendable {
        case unknownClient
        case wrongSecret
        case clientRevoked
        /// The address codes are sent to is another than the one named, or there is none.
        case redirectDiffers
        /// Nothing such was given out, or not to this application, or at another door.
        case unknown
        case expired
        /// A code that was exchanged before, or a refresh token that was replaced.
        case used
        /// The consent was revoked, or its person is blocked.
        case ended
        /// The application is not for that person.
        case noAccess
        /// What was consented to is more than the application's card allows now, or nothing.
        case scopesExceedCard
    }

    /// What is wrong with an item of a list.
    package enum ItemProblem: Equatable, Sendable {
        /// No such file, in the trash, or not readable by the caller.
        case noSuchFile
        /// No such entity of that kind, or not visible to the caller.
        case noSuchEntity
        /// The field names nobody of this account.
        case noSuchPerson(EntityField)
        /// No tag of that kind has that id. `position` counts from 0 in the list it stands in.
        case noSuchTag(EntityTag.Use, position: Int)
        /// No company or contact with that id, or not visible to the caller.
        case noSuchRelated(CRMEntity.Kind, position: Int)
        /// No custom field of that kind has that id or code.
        case noSuchField(position: Int, byCode: Bool)
        /// What a custom field should hold is no file the caller may read, or is in the trash.
        case fieldFile(position: Int)
        /// The version belongs to another file, or to none.
        case fieldVersion(position: Int)
        /// Another custom field of that kind has the code.
        case codeTaken
        case note(NoteProblem)
    }

    /// What is wrong with a note of a list.
    package enum NoteProblem: Equatable, Sendable {
        /// No such note of that kind of entity, or not visible to the caller.
        case unknown
        /// No such entity of that kind, or not visible to the caller.
        case noSuchEntity
        /// No file the caller may read, or in the trash.
        case noSuchFile
        /// The version belongs to another file, or to none.
        case noSuchVersion
    }
}
