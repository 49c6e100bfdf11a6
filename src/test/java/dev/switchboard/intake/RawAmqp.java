package dev.switchboard.intake;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Section;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.codec.AMQPDefinedTypes;
import org.apache.qpid.proton.codec.DecoderImpl;
import org.apache.qpid.proton.codec.EncoderImpl;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Sender;
import org.apache.qpid.proton.engine.Session;
import org.apache.qpid.proton.engine.Transport;

/** Sends AMQP messages section by section, as JMS clients cannot; each send returns when the broker has taken the message. */
final class RawAmqp implements AutoCloseable {

    private static final int LONGEST = 1 << 20;

    private final Socket socket;
    private final Transport transport = Proton.transport();
    private final Connection connection = Proton.connection();
    private final Sender sender;
    private final EncoderImpl encoder;
    private int sent;

    /** Connects to a broker on this machine that asks for no login. */
    RawAmqp(int port, String queue) throws IOException {
        var decoder = new DecoderImpl();
        encoder = new EncoderImpl(decoder);
        AMQPDefinedTypes.registerAllTypes(decoder, encoder);
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        transport.bind(connection);
        connection.setContainer("raw-" + System.nanoTime());
        connection.open();
        Session session = connection.session();
        session.open();
        sender = session.sender("raw");
        var target = new Target();
        target.setAddress(queue);
        sender.setTarget(target);
        sender.setSource(new Source());
        sender.open();
        awaitCredit();
    }

    private void awaitCredit() throws IOException {
        write();
        while (sender.getCredit() == 0 && sender.getRemoteState() != EndpointState.CLOSED) {
            read();
        }
    }

    /** Sends a message that consists of sections. */
    void send(Section... sections) throws IOException {
        awaitCredit();
        byte[] bytes = bytes(List.of(sections));
        Delivery delivery = sender.delivery(("m" + sent++).getBytes(StandardCharsets.UTF_8));
        sender.send(bytes, 0, bytes.length);
        sender.advance();
        write();
        while (delivery.getRemoteState() == null) {
            read();
        }
        if (!(delivery.getRemoteState() instanceof Accepted)) {
            throw new IOException("the broker did not take the message: " + delivery.getRemoteState());
        }
        delivery.settle();
    }

    private byte[] bytes(List<Section> sections) {
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST);
        encoder.setByteBuffer(buffer);
        sections.forEach(encoder::writeObject);
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }

    private void write() throws IOException {
        while (transport.pending() > 0) {
            byte[] bytes = new byte[transport.pending()];
            transport.head().get(bytes);
            socket.getOutputStream().write(bytes);
            transport.pop(bytes.length);
        }
    }

    private void read() throws IOException {
        byte[] bytes = new byte[transport.capacity()];
        int count = socket.getInputStream().read(bytes);
        if (count < 0) {
            throw new IOException("the broker closed the connection");
        }
        transport.tail().put(bytes, 0, count);
        transport.process();
        write();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
