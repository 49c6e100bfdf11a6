package dev.switchboard.intake;

import org.apache.activemq.artemis.api.core.Interceptor;
import org.apache.activemq.artemis.core.protocol.core.CoreRemotingConnection;
import org.apache.activemq.artemis.core.protocol.core.Packet;
import org.apache.activemq.artemis.core.protocol.core.impl.ChannelImpl;
import org.apache.activemq.artemis.core.protocol.core.impl.PacketImpl;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.ReattachSessionResponseMessage;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;

/**
 * Refuses to let a session of the CORE protocol go on over another connection: Artemis asks for no login there (CVE-2026-57967). A
 * client that has lost its connection makes its session anew, with its login.
 */
final class NoReattach implements Interceptor {

    private static final int NONE = -1;

    @Override
    public boolean intercept(Packet packet, RemotingConnection connection) {
        if (packet.getType() != PacketImpl.REATTACH_SESSION) {
            return true;
        }
        ((CoreRemotingConnection) connection)
                .getChannel(ChannelImpl.CHANNEL_ID.SESSION.id, NONE)
                .send(new ReattachSessionResponseMessage(NONE, false));
        return false;
    }
}
