package dev.switchboard.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The harness sees what it is there to see: each fault, put into records that are otherwise well, is found, and alone. */
class ComparisonTest {

    private final List<Sent> accepted = new ArrayList<>();
    private final List<Seen> seen = new ArrayList<>();
    private final List<Stored> stored = new ArrayList<>();
    private final Set<Published.Reply> replies = new HashSet<>();
    private final Set<String> deadLetters = new HashSet<>();
    private final List<String> faults = new ArrayList<>();
    private final Set<String> before = new HashSet<>();

    @BeforeEach
    void twentyMessagesOfTwoConversationsThatAllWentWell() {
        for (int number = 1; number <= 10; number++) {
            for (String conversation : List.of("rest", "queue")) {
                var message = new Sent(conversation, number, conversation);
                accepted.add(message);
                seen.add(request(message.id(), true));
                stored.add(row(message.id(), "delivered", ""));
                if (conversation.equals("queue")) {
                    replies.add(new Published.Reply(message.id(), message.id(), "delivered"));
                }
            }
        }
    }

    private static Seen request(String id, boolean performed) {
        return new Seen(Instant.EPOCH, Kind.of(new Seen(Instant.EPOCH, Kind.SEND, id, true).number()), id, performed);
    }

    private static Stored row(String id, String state, String failureClass) {
        return new Stored(id, "happytalk", state, failureClass);
    }

    private Findings compare(Allowance allowance) {
        var published = new Published(replies, deadLetters, faults);
        return new Comparison(new Evidence(accepted, seen, stored, published, before), allowance).findings();
    }

    private Findings compare() {
        return compare(Allowance.NONE);
    }

    private void setRow(String id, String state, String failureClass) {
        stored.replaceAll(row -> row.id().equals(id) ? row(id, state, failureClass) : row);
        replies.removeIf(reply -> reply.id().equals(id));
        replies.add(new Published.Reply(id, id, state));
    }

    @Test
    void nothingIsFoundWhereNothingIsWrong() {
        assertThat(compare().wrong()).isEmpty();
        assertThat(compare().accepted()).isEqualTo(20);
    }

    @Test
    void aMessageThatIsNotInTheStoreIsLost() {
        stored.removeIf(row -> row.id().equals("rest.4"));
        assertThat(compare().lost()).singleElement().asString().contains("rest.4");
        assertThat(compare().wrong()).hasSize(1);
    }

    @Test
    void aDeliveredMessageThatTheVendorRefusedIsLost() {
        seen.replaceAll(request -> request.id().equals("rest.4") ? request("rest.4", false) : request);
        assertThat(compare().lost()).singleElement().asString().contains("rest.4");
    }

    @Test
    void aDeadMessageIsLostUnlessAFaultExplainsIt() {
        setRow("rest.4", "dead", "unmapped");
        deadLetters.add("happytalk unmapped rest.4");
        assertThat(compare().lost()).singleElement().asString().contains("rest.4");
        Findings explained = compare(new Allowance(0, Set.of("unmapped")));
        assertThat(explained.wrong()).isEmpty();
        assertThat(explained.dead()).isEqualTo(1);
    }

    @Test
    void anUncertainMessageThatNobodySawIsLostUnlessAKillExplainsIt() {
        setRow("rest.4", "uncertain", "uncertain");
        deadLetters.add("happytalk uncertain rest.4");
        assertThat(compare().wrong()).as("the vendor saw it").isEmpty();
        seen.removeIf(request -> request.id().equals("rest.4"));
        assertThat(compare().lost()).singleElement().asString().contains("rest.4");
        assertThat(compare(new Allowance(1, Set.of())).wrong()).isEmpty();
        seen.add(new Seen(Instant.EPOCH, Kind.SEND, Seen.UNREAD, false));
        assertThat(compare().wrong()).as("a request was cut off unread").isEmpty();
    }

    @Test
    void aSendThatWasDoneTwiceIsDoubled() {
        seen.add(seen.indexOf(request("rest.4", true)), request("rest.4", true));
        assertThat(compare().doubled()).singleElement().asString().contains("rest.4");
        assertThat(compare().wrong()).hasSize(1);
    }

    @Test
    void aSendThatWasRefusedFirstAndWhatMayBeRepeatedAreNotDoubled() {
        seen.add(seen.indexOf(request("rest.4", true)), request("rest.4", false));
        seen.add(seen.indexOf(request("rest.7", true)), request("rest.7", true));
        assertThat(compare().wrong()).isEmpty();
    }

    @Test
    void aRequestBehindOneOfALaterMessageIsOutOfOrder() {
        seen.remove(request("rest.4", true));
        seen.add(seen.indexOf(request("rest.6", true)) + 1, request("rest.4", true));
        assertThat(compare().outOfOrder()).singleElement().asString().contains("rest.4");
        assertThat(compare().wrong()).hasSize(1);
    }

    @Test
    void aMessageThatIsNotFinishedIsStuck() {
        for (String state : List.of("accepted", "sending", "waiting")) {
            setRow("rest.4", state, "");
            assertThat(compare().stuck()).singleElement().asString().contains("rest.4", state);
        }
    }

    @Test
    void aMessageThatLiesBeforeTheBusIsStuckAndNotLost() {
        stored.removeIf(row -> row.id().equals("queue.4"));
        before.add("queue.4");
        before.add("queue.5");
        assertThat(compare().stuck())
                .as("queue.5 was sent twice")
                .singleElement()
                .asString()
                .contains("queue.4");
        assertThat(compare().lost()).isEmpty();
    }

    @Test
    void aReplyThatIsMissingOrOfAnotherMessageOrStateIsUnpublished() {
        var right = new Published.Reply("queue.4", "queue.4", "delivered");
        replies.remove(right);
        assertThat(compare().unpublished()).singleElement().asString().contains("queue.4");
        replies.add(new Published.Reply("queue.4", "queue.5", "delivered"));
        replies.add(new Published.Reply("queue.5", "queue.4", "delivered"));
        replies.add(new Published.Reply("queue.4", "queue.4", "waiting"));
        assertThat(compare().unpublished()).hasSize(1);
        replies.add(right);
        assertThat(compare().wrong()).isEmpty();
    }

    @Test
    void aMissingDeadLetterIsUnpublished() {
        setRow("rest.4", "uncertain", "uncertain");
        assertThat(compare().unpublished()).singleElement().asString().contains("rest.4");
        deadLetters.add("happytalk gone rest.4");
        assertThat(compare().unpublished()).as("in the wrong queue").hasSize(1);
    }

    @Test
    void whatIsWrongWithResultsIsUnpublished() {
        faults.add("a file has no results");
        assertThat(compare().unpublished()).containsExactly("a file has no results");
    }
}
