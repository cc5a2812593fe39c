object Parser
